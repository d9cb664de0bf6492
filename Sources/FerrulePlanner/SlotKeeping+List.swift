// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

extension SlotKeeping {
    /// A list's endpoints in the order of their slots, those that stand in the kernel in the slots that they have there.
    ///
    /// - Parameter standing: the same list in the kernel, in the order of its slots.
    static func endpoints(_ wanted: EndpointList, like standing: EndpointList) -> [Concatenation] {
        var homeless: [Concatenation: Int] = [:]
        for endpoint in wanted.endpoints { homeless[endpoint, default: 0] += 1 }
        func takes(_ endpoint: Concatenation) -> Bool {
            guard let count = homeless[endpoint], count > 0 else { return false }
            homeless[endpoint] = count - 1
            return true
        }
        let known = Dictionary(zip(standing.places, standing.endpoints)) { first, _ in first }
        let kept = wanted.places.map { place in known[place].flatMap { takes($0) ? $0 : nil } }
        var arriving = wanted.endpoints.filter(takes).makeIterator()
        return kept.compactMap { $0 ?? arriving.next() }
    }
}

/// A slot of a part; lists that are not cut have one part.
private struct Place: Hashable {
    let part: Int
    let slot: Int
}

extension EndpointList {
    /// Where the endpoints stand, in their order.
    fileprivate var places: [Place] {
        guard !parts.isEmpty else { return endpoints.indices.map { Place(part: 0, slot: $0) } }
        return parts.enumerated().flatMap { number, part in
            (0..<part.count).map { Place(part: number, slot: $0) }
        }
    }
}
