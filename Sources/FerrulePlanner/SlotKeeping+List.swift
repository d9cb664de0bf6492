// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

extension SlotKeeping {
    /// A list's endpoints in the order of their slots, those that stand in the kernel in the slots that they have there.
    ///
    /// - Parameters:
    ///   - wanted: its endpoints are sorted, each once.
    ///   - standing: the same list in the kernel, in the order of its slots.
    static func endpoints(_ wanted: EndpointList, like standing: EndpointList) -> [Concatenation] {
        var isHomeless = [Bool](repeating: true, count: wanted.endpoints.count)
        func takes(_ endpoint: Concatenation) -> Bool {
            guard let index = wanted.endpoints.sortedIndex(of: endpoint), isHomeless[index] else { return false }
            isHomeless[index] = false
            return true
        }
        let (places, known) = (wanted.sizes, standing.sizes)
        var kept: [Concatenation?] = []
        kept.reserveCapacity(wanted.endpoints.count)
        var start = 0
        for (part, size) in places.enumerated() {
            let count = known.indices.contains(part) ? min(size, known[part]) : 0
            for slot in 0..<size {
                let place = start + slot
                let endpoint = slot < count && place < standing.endpoints.count ? standing.endpoints[place] : nil
                kept.append(endpoint.flatMap { takes($0) ? $0 : nil })
            }
            start += known.indices.contains(part) ? known[part] : 0
        }
        var arriving = wanted.endpoints.indices.lazy.filter { isHomeless[$0] }.makeIterator()
        return kept.compactMap { $0 ?? arriving.next().map { wanted.endpoints[$0] } }
    }
}

extension EndpointList {
    /// How many endpoints each part has; a list that is not cut is a part of its own.
    fileprivate var sizes: [Int] { parts.isEmpty ? [endpoints.count] : parts.map(\.count) }
}
