// SPDX-License-Identifier: Apache-2.0

extension Operation: CustomStringConvertible {
    /// The operation in nft's words, without its contents: `add set ip ferrule services`.
    package var description: String {
        switch self {
        case .addTable(let table, _): "add table \(table)"
        case .deleteTable(let table): "delete table \(table)"
        case .addSet(let table, let set): "add \(set.isMap ? "map" : "set") \(table) \(set.name)"
        case .addElements(let table, let set):
            "add \(set.elements.count == 1 ? "element" : "\(set.elements.count) elements") \(table) \(set.name)"
        case .addChain(let table, let chain): "add chain \(table) \(chain.name)"
        case .addRule(let table, let chain, _): "add rule \(table) \(chain)"
        }
    }

    /// The part of an operation on many elements that concerns one of them:
    /// `add element ip ferrule services { 10.96.0.1 . tcp . 443 : goto lb-1 }`.
    package func description(of element: Element) -> String {
        guard case .addElements(let table, let set) = self else { return description }
        return "add element \(table) \(set.name) { \(element) }"
    }
}
