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
        podCIDRs =
            if case .ranges(let ranges) = cluster.podTraffic { ranges.filter { $0.family == family } } else { [] }
        podMatch = PodMatch(cluster.podTraffic, hasRanges: !podCIDRs.isEmpty)
        serviceCIDRs = cluster.serviceCIDRs.filter { $0.family == family }
        nodePortAddresses = cluster.nodePortAddresses[family] ?? .all(known: [])
        entries = ServiceEntries(ports, family, nodePortAddresses)
    }

    /// The table, or an absent one where the family has no service and no range to guard.
    func compile() -> Table {
        let name = ObjectNames.table(family)
        if serviceCIDRs.isEmpty, ownPorts.isEmpty { return Table(name) }
        let affinity = AffinityObjects(
            ports, entries, nodeAddresses: nodePortAddresses.addresses, podMatch)
        let record = Chain(Provenance.chain, rules: [])
        let limits = options.partLimits
        let shapes = entries.shapes(limits)
        let shapeChains = ShapeChains(
            mark: options.mark, podTraffic: podMatch, limits: limits, nodePortAddresses: nodePortAddresses)
        let parts = ServiceParts(
            SlotScope.all.flatMap(largeServices), limits, family, besides: entries.services.map(\.key))
        let slots = SlotScope.all.map { (scope: $0, maps: endpointMaps($0, parts)) }
        let slotChains = slots.flatMap { scope, maps in maps.indices.map { shapeChains.slot($0, scope) } }
        return Table(
            name, sets: fixedSets + affinity.sets + SlotScope.all.flatMap(parts.maps) + slots.flatMap(\.maps),
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
        let localAddresses = ownPorts.flatMap { ports[$0].endpoints.localAddresses }.sortedUnique()
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

    /// The services of a scope that are cut into parts, in the order of the entries.
    private func largeServices(_ scope: SlotScope) -> [ServiceParts.Service] {
        entries[scope.isNodePort].compactMap { entry in
            guard entry.shape.uses(scope.list) else { return nil }
            let targets = targets(entry, scope.list)
            let isCut = options.partLimits.cut(targets.count)
            return isCut ? .init(scope: scope, key: entry.key, targets: targets) : nil
        }
    }

    private func targets(_ entry: ServiceEntry, _ list: TrafficPolicy) -> [Target] {
        list == .local ? ports[entry.port].endpoints.local : ports[entry.port].endpoints.cluster
    }

    /// `endpoints-0`, `endpoints-1`, …: the i-th endpoint of each entry and each part, by key.
    private func endpointMaps(_ scope: SlotScope, _ parts: ServiceParts) -> [SetDefinition] {
        var lists: [(key: ElementKey, targets: ArraySlice<Target>)] = []
        for entry in entries[scope.isNodePort] where entry.shape.uses(scope.list) {
            let targets = targets(entry, scope.list)
            if !options.partLimits.cut(targets.count) { lists.append((entry.key, targets[...])) }
        }
        if scope == .ofParts, !parts.all.isEmpty {
            lists = parts.all.map { ($0.endpointKey, $0.targets) } + lists
            lists = lists.map(\.key).ascendingPositions.map { lists[$0] }
        }
        let slotCount = lists.reduce(0) { max($0, $1.targets.count) }
        var maps: [[Element]] = Array(repeating: [], count: slotCount)
        for (key, targets) in lists {
            for (slot, target) in targets.enumerated() {
                maps[slot].append(Element(key, .target(target.address, target.port)))
            }
        }
        return maps.enumerated().map { slot, elements in
            SetDefinition(
                scope.endpoints(slot), key: scope.keyType, value: .data(Keys.targetType),
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
