// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Which services the parts of a table belong to.
///
/// The endpoints of a large service stand under the addresses of its parts, which maps of parts
/// (``SetPurpose/parts(_:number:)``) give for the service's own key. A rule writes such an address into a packet as its
/// destination, and the next chain looks the endpoint up by it; no packet arrives or leaves with one.
package struct PartOwners: Sendable {
    package struct Owner: Sendable, Hashable {
        /// Two services may have one key, one for all endpoints and one for those on the node.
        package let scope: SlotScope
        package let key: ElementKey
    }

    private var owners: [IPAddress: Owner] = [:]
    /// Quickly tells most other addresses.
    private var bounds: ClosedRange<IPAddress>?

    package init(of table: Table) {
        for set in table.sets {
            guard case .parts(let scope, _) = set.purpose else { continue }
            for element in set.elements {
                guard let address = element.value.data?.address else { continue }
                owners[address] = owners[address] ?? Owner(scope: scope, key: element.key)
            }
        }
        if let least = owners.keys.min(), let greatest = owners.keys.max() { bounds = least...greatest }
    }

    package var isEmpty: Bool { owners.isEmpty }

    /// Whose part the endpoints under a key are; nil for the key of a service itself.
    package func owner(of key: ElementKey) -> Owner? {
        guard let bounds, let address = key.service?.address, bounds.contains(address), let owner = owners[address],
            owner.key.ofPart(address) == key
        else { return nil }
        return owner
    }
}

extension ElementKey {
    /// What the endpoints of a part stand under, given the key of its service, ``service(_:_:_:)`` or ``port(_:_:)``.
    package func ofPart(_ address: IPAddress) -> ElementKey {
        if let (_, transport, port) = service { return .service(address, transport, port) }
        if let (transport, port) = port { return .service(address, transport, port) }
        return self
    }
}
