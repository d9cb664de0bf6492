// SPDX-License-Identifier: Apache-2.0

extension Operation: CustomStringConvertible {
    /// The operation in nft's words, without its contents: `add set ip ferrule services`.
    package var description: String {
        switch self {
        case .addTable(let table): "add table \(table)"
        case .deleteTable(let table): "delete table \(table)"
        case .addSet(let table, let set): "add \(set.isMap ? "map" : "set") \(table) \(set.name)"
        case .addElements(let table, let set):
            "add \(set.elements.count == 1 ? "element" : "\(set.elements.count) elements") \(table) \(set.name)"
        case .deleteElements(let table, let set):
            "delete \(set.elements.count == 1 ? "element" : "\(set.elements.count) elements") \(table) \(set.name)"
        case .flushSet(let table, let set): "flush set \(table) \(set)"
        case .deleteSet(let table, let set): "delete set \(table) \(set)"
        case .addChain(let table, let chain, _): "add chain \(table) \(chain.name)"
        case .addRule(let table, let chain, _): "add rule \(table) \(chain)"
        case .flushChain(let table, let chain): "flush chain \(table) \(chain)"
        case .deleteChain(let table, let chain): "delete chain \(table) \(chain)"
        }
    }

    /// The part of an operation on many elements that concerns one of them:
    /// `add element ip ferrule services { 10.96.0.1 . tcp . 443 : goto lb-1 }`.
    package func description(of element: Element) -> String {
        switch self {
        case .addElements(let table, let set): "add element \(table) \(set.name) { \(element) }"
        case .deleteElements(let table, let set): "delete element \(table) \(set.name) { \(element) }"
        default: description
        }
    }
}

extension Operation {
    /// The set whose elements the operation adds or removes.
    package var elements: SetDefinition? {
        switch self {
        case .addElements(_, let set), .deleteElements(_, let set): set
        default: nil
        }
    }
}
