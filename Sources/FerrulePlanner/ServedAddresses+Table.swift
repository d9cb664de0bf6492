// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleRuleset

extension ServedAddresses {
    /// Where a table serves connections, without what serves them: for a table that is being replaced, whose connections all
    /// have to be looked through.
    package init(of table: Table) {
        self.init()
        let reached = Reachability(of: table)
        func keys(_ purpose: SetPurpose) -> [ElementKey]? { table.set(purpose, reached)?.elements.map(\.key) }
        func served(_ keys: [ElementKey]) -> SortedValues<ElementKey, Service> {
            SortedValues(sortedKeys: keys, values: keys.map { _ in Service() })
        }
        services = served(keys(.services) ?? [])
        guard let ports = keys(.nodePorts) else { return }
        nodePorts = served(ports)
        guard let named = keys(.nodePortAddresses) else {
            nodeAddresses = .local(within: [])
            return
        }
        let ranges = named.compactMap(\.prefix)
        nodeAddresses = ranges.isEmpty ? .listed(Set(named.compactMap(\.address))) : .local(within: ranges)
    }
}
