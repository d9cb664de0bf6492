// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// What is to be different in a table, by the keys that are concerned: what a change of some services comes to, whatever else
/// stands in the table.
package struct TableChange: Sendable {
    package let name: TableName
    /// Elements that go, each with the set that it goes from.
    package var removed: [SetPurpose: [Element]] = [:]
    /// Elements that come.
    package var added: [SetPurpose: [Element]] = [:]
    /// Endpoints of keys. In which slots they stand is up to whoever knows the kernel's state.
    package var lists: [EndpointListChange] = []
    /// Sets that are needed from now on, without elements; they may stand already.
    package var sets: [SetDefinition] = []
    /// Chains that are needed from now on, or with other rules; they may stand already.
    package var chains: [Chain] = []
    /// Maps of session affinity whose remembered endpoints may be wrong now.
    package var dynamicMaps: [SetDefinition] = []
    /// What is not needed any more and must be emptied: base chains, which packets enter as long as they stand, and maps that
    /// packets have written.
    package var retiredChains: [ChainPurpose] = []
    package var retiredSets: [SetPurpose] = []
    /// What is served now, of what has become different, and what was before: connections to it that are tracked already may
    /// lead elsewhere. TCP has an end that clients notice, so only UDP is told, and who may use an address.
    package var served = ServedAddresses()
    package var formerlyServed = ServedAddresses()
    /// Whether the change is one of the table as a whole, which must be compared or made anew.
    package var isOfWholeTable = false

    package init(_ name: TableName) { self.name = name }

    package var isEmpty: Bool {
        !isOfWholeTable && removed.isEmpty && added.isEmpty && lists.isEmpty && sets.isEmpty && chains.isEmpty
            && dynamicMaps.isEmpty && retiredChains.isEmpty && retiredSets.isEmpty
    }
}

/// The endpoints of one key, before and after a change.
package struct EndpointListChange: Sendable {
    package let list: EndpointList.Key
    package let before: EndpointList
    package let after: EndpointList

    package init(_ list: EndpointList.Key, before: EndpointList, after: EndpointList) {
        (self.list, self.before, self.after) = (list, before, after)
    }
}

/// The endpoints that traffic of one key is balanced over.
package struct EndpointList: Sendable, Hashable {
    package struct Key: Sendable, Hashable {
        package let scope: SlotScope
        package let key: ElementKey

        package init(_ scope: SlotScope, _ key: ElementKey) { (self.scope, self.key) = (scope, key) }
    }

    /// Of a large list, a part of it.
    package struct Part: Sendable, Hashable {
        package let address: IPAddress
        /// How many of the endpoints it has.
        package let count: Int

        package init(_ address: IPAddress, count: Int) { (self.address, self.count) = (address, count) }
    }

    /// Addresses and ports, sorted.
    package var endpoints: [Concatenation]
    /// The parts of a large list, in their order, which take the endpoints one after the other; none for others.
    package var parts: [Part]

    package init(_ endpoints: [Concatenation] = [], parts: [Part] = []) {
        (self.endpoints, self.parts) = (endpoints, parts)
    }
}

extension EndpointList {
    /// The elements by which a list stands in a table: those that lead to its parts, and those that lead to its endpoints.
    package func elements(_ list: Key) -> [(set: SetPurpose, element: Element)] {
        guard !parts.isEmpty else {
            return endpoints.enumerated().map { slot, endpoint in
                (.endpoints(list.scope, slot: slot), Element(list.key, .data(endpoint)))
            }
        }
        var elements: [(set: SetPurpose, element: Element)] = []
        elements.reserveCapacity(parts.count + endpoints.count)
        var next = 0
        for (number, part) in parts.enumerated() {
            elements.append(
                (.parts(list.scope, number: number), Element(list.key, .data(.address(part.address)))))
            let key = list.key.ofPart(part.address)
            for slot in 0..<part.count where endpoints.indices.contains(next) {
                elements.append((.endpoints(.ofParts, slot: slot), Element(key, .data(endpoints[next]))))
                next += 1
            }
        }
        return elements
    }
}
