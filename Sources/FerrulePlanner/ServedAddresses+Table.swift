// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleRuleset

extension ServedAddresses {
    /// Where a table serves connections, without what serves them: for a table that is being replaced, whose connections all
    /// have to be looked through.
    package init(of table: Table) {
        self.init()
        let reached = Reachability(of: table)
        func elements(_ purpose: SetPurpose) -> [Element]? { table.set(purpose, reached)?.elements }
        func served(_ elements: [Element]) -> ServedElements {
            ServedElements(elements, elements.map { _ in Service() })
        }
        services = served(elements(.services) ?? [])
        guard let ports = elements(.nodePorts) else { return }
        nodePorts = served(ports)
        guard let named = elements(.nodePortAddresses)?.map(\.key) else {
            nodeAddresses = .local(within: [])
            return
        }
        let ranges = named.compactMap(\.prefix)
        nodeAddresses = ranges.isEmpty ? .listed(Set(named.compactMap(\.address))) : .local(within: ranges)
    }
}
