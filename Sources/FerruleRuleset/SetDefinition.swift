// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// A set, or with a value type a map.
package struct SetDefinition: Sendable, Hashable {
    /// One part of a key or value, named as nft names its types.
    package enum DataType: Sendable, Hashable {
        /// `ipv4_addr` or `ipv6_addr`, by the family of the table.
        case address
        /// `inet_proto`
        case transportProtocol
        /// `inet_service`
        case port
    }

    package enum Kind: Sendable, Hashable {
        case plain
        /// `flags interval`: the last part of a key is a range.
        case interval
        /// `flags dynamic,timeout`: packets write elements, which go away by themselves.
        case dynamic(DynamicElements)
    }

    /// What packets may have written into a map.
    package struct DynamicElements: Sendable, Hashable {
        /// How long an element stays after its last renewal, in seconds.
        package var timeout: Int
        /// The values that are still right; elements with others must go.
        package var values: Set<Concatenation>

        package init(timeout: Int, values: Set<Concatenation>) { (self.timeout, self.values) = (timeout, values) }
    }

    /// What the elements of a map lead to.
    package enum ValueType: Sendable, Hashable {
        case verdict
        case data([DataType])
    }

    package let purpose: SetPurpose
    package let name: SetName
    package var keyType: [DataType]
    /// nil for a set.
    package var valueType: ValueType?
    package var kind: Kind
    /// How many elements the hash table is made for; more are refused. nil: it grows by itself.
    package var size: Int?
    /// Sorted by key, no key twice.
    package var elements: [Element]

    /// A set that Ferrule makes.
    package init(
        _ purpose: SetPurpose, key: [DataType], value: ValueType? = nil, kind: Kind = .plain, size: Int? = nil,
        elements: [Element] = []
    ) {
        (self.purpose, name) = (purpose, purpose.name)
        (keyType, valueType, self.kind, self.size, self.elements) = (key, value, kind, size, elements)
    }

    /// A set that is found somewhere.
    package init(
        named name: SetName, key: [DataType], value: ValueType? = nil, kind: Kind = .plain, size: Int? = nil,
        elements: [Element] = []
    ) {
        (purpose, self.name) = (SetPurpose(name), name)
        (keyType, valueType, self.kind, self.size, self.elements) = (key, value, kind, size, elements)
    }

    package var isMap: Bool { valueType != nil }

    package var isInterval: Bool { kind == .interval }
}

extension SetDefinition.DataType {
    /// The name of the type in nft's text, JSON and listings, by the family of the table.
    package func name(in family: IPFamily) -> String {
        switch self {
        case .address: family == .ipv4 ? "ipv4_addr" : "ipv6_addr"
        case .transportProtocol: "inet_proto"
        case .port: "inet_service"
        }
    }
}

extension [SetDefinition.DataType] {
    /// `ipv4_addr . inet_proto . inet_service`
    package func name(in family: IPFamily) -> String { map { $0.name(in: family) }.joined(separator: " . ") }
}

extension SetDefinition {
    /// Whether packets write its elements.
    package var isDynamic: Bool { if case .dynamic = kind { true } else { false } }
}

extension SetDefinition.DynamicElements {
    /// Those of some elements that remember what is not right any more.
    package func stale(among elements: [Element]) -> [Element] { elements.filter { keeping($0) == nil } }

    /// The same element with today's timeout, if what it remembers is still right; else nil.
    package func keeping(_ element: Element) -> Element? {
        guard case .expiring(let endpoint, var lifetime) = element.value, values.contains(endpoint) else { return nil }
        lifetime.timeout = UInt32(clamping: timeout * 1000)
        lifetime.remaining = min(lifetime.remaining, lifetime.timeout)
        return Element(element.key, .expiring(endpoint, lifetime))
    }
}
