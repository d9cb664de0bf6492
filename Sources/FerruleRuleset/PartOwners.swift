// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Which services the parts of a table belong to.
///
/// The endpoints of a large service stand under the addresses of its parts. Maps of parts (``SetDefinition/isOfParts``) lead
/// there from the service's own key; packets bear such an address between two rules alone.
package struct PartOwners: Sendable {
    package struct Owner: Sendable, Hashable {
        /// What the maps that lead to its parts are named, without their numbers: two services may have one key, one for
        /// all endpoints and one for those on the node.
        package let family: String
        package let key: ElementKey
    }

    private var owners: [IPAddress: Owner] = [:]
    /// Quickly tells most other addresses.
    private var bounds: ClosedRange<IPAddress>?

    package init(of table: Table) {
        for set in table.sets where set.isOfParts {
            let family = set.name.numbered?.family ?? set.name.description
            for element in set.elements {
                guard case .address(let address) = element.value else { continue }
                owners[address] = owners[address] ?? Owner(family: family, key: element.key)
            }
        }
        if let least = owners.keys.min(), let greatest = owners.keys.max() { bounds = least...greatest }
    }

    package var isEmpty: Bool { owners.isEmpty }

    /// Whose part the endpoints under a key are; nil for the key of a service itself.
    package func owner(of key: ElementKey) -> Owner? {
        guard let bounds, case .service(let address, _, _) = key, bounds.contains(address),
            let owner = owners[address], owner.key.ofPart(address) == key
        else { return nil }
        return owner
    }
}

extension ElementKey {
    /// What the endpoints of a part stand under, given the key of its service, ``service`` or ``port``.
    package func ofPart(_ address: IPAddress) -> ElementKey {
        switch self {
        case .service(_, let transport, let port), .port(let transport, let port): .service(address, transport, port)
        case .address, .hairpin, .prefix, .serviceSource: self
        }
    }
}

extension SetName {
    /// `local-endpoints-3` is number 3 of `local-endpoints`; nil for a name without a number.
    package var numbered: (family: String, number: Int)? {
        guard let hyphen = description.lastIndex(of: "-"),
            let number = Int(description[description.index(after: hyphen)...])
        else { return nil }
        return (String(description[..<hyphen]), number)
    }
}
