// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleText

/// What stands behind the elements of the map of services or of node ports, found by key.
///
/// The elements are those of the map, whose memory is shared: a million keys would else stand in it twice.
package struct ServedElements: Sendable, Hashable {
    /// In the order of their keys, each of which is there once.
    private let elements: [Element]
    /// As many as elements, in their order.
    package let services: [ServedAddresses.Service]

    /// Nothing is served.
    package init() { (elements, services) = ([], []) }

    /// - Parameter elements: in the order of their keys; as many as services.
    package init(_ elements: [Element], _ services: [ServedAddresses.Service]) {
        (self.elements, self.services) = (elements, services)
    }

    /// The same of what is in no map: elements are made of the keys alone.
    package init(_ services: [ElementKey: ServedAddresses.Service]) {
        elements = services.keys.sorted().map { Element($0) }
        self.services = elements.compactMap { services[$0.key] }
    }

    package var isEmpty: Bool { elements.isEmpty }

    /// In order, each once.
    package var keys: [ElementKey] { elements.map(\.key) }

    /// What stands behind a key; nil for nothing.
    package subscript(_ key: ElementKey) -> ServedAddresses.Service? {
        elements.indices.sortedPlace(of: key) { elements[$0].key }.map { services[$0] }
    }

    /// Whether an address is a ClusterIP that one of the keys begins with.
    func haveClusterIP(_ address: IPAddress) -> Bool {
        let start = elements.indices.firstPlace { place in
            elements[place].key.service.map { $0.address >= address } ?? false
        }
        return elements.indices[start...].prefix { elements[$0].key.service?.address == address }
            .contains { services[$0].isAtClusterIP }
    }
}
