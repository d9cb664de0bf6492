// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleRuleset

extension ServedAddresses {
    /// Where a table serves connections, without what serves them: for a table that is being replaced, whose connections all
    /// have to be looked through.
    package init(of table: Table) {
        self.init()
        let entrance = Entrance(table, Dictionary(table.chains.map { ($0.name, $0) }) { first, _ in first })
        let elements = Dictionary(table.sets.map { ($0.name, $0.elements) }) { first, _ in first }
        func served(_ map: SetName?) -> SortedValues<ElementKey, Service> {
            let keys = map.flatMap { elements[$0] }?.map(\.key) ?? []
            return SortedValues(sortedKeys: keys, values: keys.map { _ in Service() })
        }
        (services, nodePorts) = (served(entrance.services), served(entrance.nodePorts))
        switch (entrance.nodePorts, entrance.nodePortAddresses) {
        case (nil, _): break
        case (_, nil): nodeAddresses = .local(within: [])
        case (_, let set?):
            var addresses: Set<IPAddress> = []
            var ranges: [Prefix] = []
            for element in elements[set] ?? [] {
                if let address = element.key.address { addresses.insert(address) }
                if let range = element.key.prefix { ranges.append(range) }
            }
            nodeAddresses = ranges.isEmpty ? .listed(addresses) : .local(within: ranges)
        }
    }
}
