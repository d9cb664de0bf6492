// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// Makes the table of one family.
struct TableCompiler {
    private let family: IPFamily
    private let options: CompilerOptions
    /// Of all families; positions in it are those of the entries.
    private let ports: [ResolvedPort]
    private let entries: ServiceEntries
    private let podCIDRs: [Prefix]
    private let podMatch: PodMatch
    private let serviceCIDRs: [Prefix]
    private let nodePortAddresses: ResolvedNodePortAddresses

    init(_ cluster: ResolvedCluster, _ family: IPFamily, _ options: CompilerOptions) {
        self.family = family
        self.options = options
        ports = cluster.ports
        entries = ServiceEntries(ports, family)
        podCIDRs =
            if case .ranges(let ranges) = cluster.podTraffic { ranges.filter { $0.family == family } } else { [] }
        podMatch = PodMatch(cluster.podTraffic, hasRanges: !podCIDRs.isEmpty)
        serviceCIDRs = cluster.serviceCIDRs.filter { $0.family == family }
        nodePortAddresses = cluster.nodePortAddresses[family] ?? .all(known: [])
    }

    /// The table, or an absent one where the family has no service and no range to guard. Pages come before the maps of
    /// one slot, because more chains look each of them up.
    func compile() -> Table {
        let name = ObjectNames.table(family)
        if serviceCIDRs.isEmpty, ownPorts.isEmpty { return Table(name) }
        let affinity = AffinityObjects(
            ports, entries, nodeAddresses: nodePortAddresses.addresses, podMatch)
        let record = Chain(Provenance.chain, rules: [])
        let shapes = entries.shapes
        let shapeChains = ShapeChains(mark: options.mark, podTraffic: podMatch)
        let slots = SlotScope.all.map { (scope: $0, count: slotCount($0)) }
        let slotChains = slots.flatMap { scope, count in (0..<count).map { shapeChains.slot($0, scope) } }
        let maps = slots.flatMap { endpointMaps($0.scope, count: $0.count) }
        return Table(
            name, sets: fixedSets + affinity.sets + maps.filter(\.isPage) + maps.filter { !$0.isPage },
            chains: affinity.chains + slotChains + shapes.compactMap(shapeChains.chain)
                + [DispatchChains.refuse, DispatchChains.unserved, dispatch, record] + baseChains(affinity))
    }

    /// The sets that every packet meets come first, where the kernel finds them at once.
    private var fixedSets: [SetDefinition] {
        var sets = [
            verdictMap(ObjectNames.services, Keys.serviceType, entries.services),
            verdictMap(ObjectNames.nodePorts, Keys.nodePortType, entries.nodePorts),
            addresses(ObjectNames.clusterIPs, clusterIPs),
            ranges(ObjectNames.serviceCIDRs, serviceCIDRs),
            ranges(ObjectNames.podCIDRs, podCIDRs),
        ]
        switch nodePortAddresses {
        case .all: break
        case .listed(let listed): sets.append(addresses(ObjectNames.nodePortAddresses, listed))
        case .within(let wanted, _): sets.append(ranges(ObjectNames.nodePortAddresses, wanted))
        }
        sets.append(
            SetDefinition(
                ObjectNames.hairpin, key: [.address, .address], size: SetSize.map(localAddresses.count),
                elements: localAddresses.map { Element(.hairpin($0)) }))
        if let sourceRanges { sets.append(sourceRanges) }
        return sets
    }

    /// The positions of the family's ports: a port is a large value, and reading a field of it by its position copies no other.
    private var ownPorts: some Collection<Int> { ports.indices.lazy.filter { ports[$0].family == family } }

    private var clusterIPs: [IPAddress] { ownPorts.compactMap { ports[$0].clusterIP }.sortedUnique() }

    private var localAddresses: [IPAddress] {
        ownPorts.flatMap { ports[$0].endpoints.localAddresses }.sortedUnique()
    }

    private func verdictMap(
        _ name: SetName, _ key: [SetDefinition.DataType], _ entries: [ServiceEntry]
    ) -> SetDefinition {
        var verdicts: [Shape: Verdict] = [:]
        func verdict(_ shape: Shape) -> Verdict {
            if let known = verdicts[shape] { return known }
            verdicts[shape] = shape.verdict
            return shape.verdict
        }
        let elements = entries.map { Element($0.key, .verdict(verdict($0.shape)), comment: label(of: $0.port)) }
        return SetDefinition(
            name, key: key, value: .verdict, size: SetSize.map(elements.count), elements: elements)
    }

    private func label(of port: Int) -> String {
        ResolvedPort.label(namespace: ports[port].namespace, service: ports[port].service, name: ports[port].name)
    }

    private func addresses(_ name: SetName, _ addresses: [IPAddress]) -> SetDefinition {
        SetDefinition(
            name, key: [.address], size: SetSize.map(addresses.count), elements: addresses.map { Element(.address($0)) }
        )
    }

    private func ranges(_ name: SetName, _ ranges: [Prefix]) -> SetDefinition {
        SetDefinition(name, key: [.address], kind: .interval, elements: ranges.map { Element(.prefix($0)) })
    }

    /// Who may use the balancer's addresses; nil where nobody is kept out.
    private var sourceRanges: SetDefinition? {
        let elements = entries.services.flatMap { entry -> [Element] in
            guard case .firewall = entry.shape, case .service(let address, let transport, let port) = entry.key else {
                return []
            }
            return (ports[entry.port].sourceRanges ?? []).map { Element(.serviceSource(address, transport, port, $0)) }
        }
        guard !elements.isEmpty else { return nil }
        return SetDefinition(ObjectNames.sourceRanges, key: Keys.sourceType, kind: .interval, elements: elements)
    }

    /// The endpoint count of the largest service of a scope.
    private func slotCount(_ scope: SlotScope) -> Int {
        entries[scope.isNodePort].reduce(0) { count, entry in
            entry.shape.uses(scope.list) ? max(count, targets(entry, scope.list).count) : count
        }
    }

    private func targets(_ entry: ServiceEntry, _ list: TrafficPolicy) -> [Target] {
        list == .local ? ports[entry.port].endpoints.local : ports[entry.port].endpoints.cluster
    }

    /// `endpoints-0`, `endpoints-1`, …: the i-th endpoint of each entry, in the order of the entries, and in a page those
    /// of an entry in the order of their slots.
    private func endpointMaps(_ scope: SlotScope, count: Int) -> [SetDefinition] {
        var maps: [[Element]] = Array(repeating: [], count: EndpointMap.count(forSlots: count))
        for entry in entries[scope.isNodePort] where entry.shape.uses(scope.list) {
            for (slot, target) in targets(entry, scope.list).enumerated() {
                let map = EndpointMap(of: slot)
                let key = map.number(of: slot).map(entry.key.inSlot) ?? entry.key
                maps[map.index].append(Element(key, .target(target.address, target.port)))
            }
        }
        return maps.enumerated().map { index, elements in
            let map = EndpointMap(index: index)
            return SetDefinition(
                scope.name(of: map), key: scope.keyType(of: map), value: .data(Keys.targetType),
                size: SetSize.map(elements.count), elements: elements)
        }
    }

    private var dispatch: Chain {
        var rules: [Rule] = []
        if options.masqueradeAll {
            rules.append(DispatchChains.masquerade([], options.mark))
        } else if !podMatch.fromOthers.isEmpty {
            rules.append(DispatchChains.masquerade(podMatch.fromOthers, options.mark))
        }
        rules.append(Rule(.verdictMap(Keys.service, ObjectNames.services)))
        rules.append(DispatchChains.nodePorts(nodePortAddresses))
        rules.append(Rule(.verdict(.goto(ObjectNames.unserved))))
        return Chain(ObjectNames.dispatch, rules: rules)
    }

    private func baseChains(_ affinity: AffinityObjects) -> [Chain] {
        let enter = Rule(.verdict(.jump(ObjectNames.dispatch)))
        let record = Rule(.isTranslated, .verdict(.jump(ObjectNames.remember)))
        let recording = [
            Chain(
                ObjectNames.inputRecording, hook: Hook(.input, priority: Hook.inputRecording), rules: [record]),
            Chain(
                ObjectNames.postroutingRecording,
                hook: Hook(.postrouting, priority: Hook.postroutingRecording), rules: [record]),
        ]
        return [
            Chain(ObjectNames.prerouting, hook: Hook(.prerouting, priority: Hook.destinationNAT), rules: [enter]),
            Chain(ObjectNames.output, hook: Hook(.output, priority: Hook.destinationNAT), rules: [enter]),
        ] + (affinity.chains.isEmpty ? [] : recording) + [
            Chain(
                ObjectNames.postrouting, hook: Hook(.postrouting, priority: Hook.sourceNAT),
                rules: DispatchChains.masqueradeMarked(options.mark))
        ]
    }
}
