// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// Makes the table of one family.
struct TableCompiler {
    private let family: IPFamily
    private let options: CompilerOptions
    private let entries: ServiceEntries
    private let podCIDRs: [Prefix]
    private let serviceCIDRs: [Prefix]
    private let nodePortAddresses: ResolvedNodePortAddresses
    private let hairpinAddresses: [IPAddress]

    init(_ cluster: ResolvedCluster, _ family: IPFamily, _ options: CompilerOptions) {
        self.family = family
        self.options = options
        let ports = cluster.ports.filter { $0.family == family }
        entries = ServiceEntries(ports)
        podCIDRs = cluster.clusterCIDRs.filter { $0.family == family }
        serviceCIDRs = cluster.serviceCIDRs.filter { $0.family == family }
        nodePortAddresses = cluster.nodePortAddresses[family] ?? .all
        hairpinAddresses = ports.lazy.flatMap(\.endpoints.localAddresses).sortedUnique()
    }

    /// The table, or an absent one where the family has no service and no range to guard.
    func compile() -> Table {
        let name = ObjectNames.table(family)
        if entries.services.isEmpty, entries.nodePorts.isEmpty, serviceCIDRs.isEmpty { return Table(name) }
        return Table(name, sets: sets, chains: slotChains + dispatchChains + baseChains)
    }

    /// The sets that every packet meets come first, where the kernel finds them at once.
    private var sets: [SetDefinition] {
        [
            verdictMap(ObjectNames.services, .service, entries.services),
            verdictMap(ObjectNames.nodePorts, .nodePort, entries.nodePorts),
            addresses(ObjectNames.clusterIPs, entries.clusterIPs),
            ranges(ObjectNames.serviceCIDRs, serviceCIDRs),
            ranges(ObjectNames.podCIDRs, podCIDRs),
        ] + nodePortAddressSet + [
            SetDefinition(
                ObjectNames.hairpin, key: [.address, .address],
                elements: hairpinAddresses.map { Element(.hairpin($0)) })
        ] + endpointMaps(.service, entries.services) + endpointMaps(.nodePort, entries.nodePorts)
    }

    private func verdictMap(_ name: SetName, _ scope: SlotScope, _ entries: [ServiceEntry]) -> SetDefinition {
        let elements = entries.map { Element($0.key, .verdict($0.verdict), comment: $0.label) }
        return SetDefinition(
            name, key: scope.keyType, value: .verdict, size: SetSize.verdictMap(elements.count), elements: elements)
    }

    private func addresses(_ name: SetName, _ addresses: [IPAddress]) -> SetDefinition {
        SetDefinition(name, key: [.address], elements: addresses.map { Element(.address($0)) })
    }

    private func ranges(_ name: SetName, _ ranges: [Prefix]) -> SetDefinition {
        SetDefinition(name, key: [.address], isInterval: true, elements: ranges.map { Element(.prefix($0)) })
    }

    private var nodePortAddressSet: [SetDefinition] {
        guard case .listed(let listed) = nodePortAddresses else { return [] }
        return [addresses(ObjectNames.nodePortAddresses, listed)]
    }

    /// `endpoints-0`, `endpoints-1`, …: the i-th endpoint of each entry, in the order of the entries.
    private func endpointMaps(_ scope: SlotScope, _ entries: [ServiceEntry]) -> [SetDefinition] {
        var slots: [[Element]] = Array(repeating: [], count: self.entries.slotCount(scope))
        for entry in entries {
            for (slot, target) in entry.targets.enumerated() {
                slots[slot].append(Element(entry.key, .target(target.address, target.port)))
            }
        }
        return slots.enumerated().map { slot, elements in
            SetDefinition(
                scope.endpoints(slot), key: scope.keyType, value: .data([.address, .port]),
                size: SetSize.endpointMap(elements.count), elements: elements)
        }
    }

    /// The chains of each slot and of each number of endpoints in use.
    private var slotChains: [Chain] {
        SlotScope.allCases.flatMap { scope in
            let balanceCounts = (entries.balanceCounts[scope] ?? []).sorted()
            let externalCounts = (entries.externalCounts[scope] ?? []).sorted()
            return (0..<entries.slotCount(scope)).map { SlotChains.slot($0, scope) }
                + balanceCounts.map { SlotChains.balance($0, scope) }
                + externalCounts.map { SlotChains.external($0, scope, options.mark) }
        }
    }

    private var dispatchChains: [Chain] {
        [DispatchChains.refuse, DispatchChains.unserved, dispatch]
    }

    private var dispatch: Chain {
        var rules: [Rule] = []
        if options.masqueradeAll {
            rules.append(DispatchChains.masqueradeAll(options.mark))
        } else if !podCIDRs.isEmpty {
            rules.append(DispatchChains.masqueradeOutside(options.mark))
        }
        rules.append(DispatchChains.services)
        rules.append(DispatchChains.nodePorts(nodePortAddresses))
        rules.append(Rule(.verdict(.goto(ObjectNames.unserved))))
        return Chain(ObjectNames.dispatch, rules: rules)
    }

    private var baseChains: [Chain] {
        let enter = Rule(.verdict(.jump(ObjectNames.dispatch)))
        return [
            Chain(
                ObjectNames.prerouting, hook: Hook(.prerouting, priority: Hook.destinationNAT), rules: [enter]),
            Chain(ObjectNames.output, hook: Hook(.output, priority: Hook.destinationNAT), rules: [enter]),
            Chain(
                ObjectNames.postrouting, hook: Hook(.postrouting, priority: Hook.sourceNAT),
                rules: DispatchChains.masquerade(options.mark)),
        ]
    }
}
