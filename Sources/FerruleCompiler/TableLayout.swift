// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// What holds for all services of one family: the options, the node, the ranges of the cluster; and the chains that follow.
struct TableLayout: Sendable {
    let family: IPFamily
    let limits: PartLimits
    let podTraffic: PodTraffic
    let podCIDRs: [Prefix]
    let serviceCIDRs: [Prefix]
    let nodePortAddresses: NodePortAddresses
    private let mark: Mark
    private let masqueradeAll: Bool

    init(_ family: IPFamily, _ surroundings: Surroundings, _ options: CompilerOptions) {
        self.family = family
        (limits, mark, masqueradeAll) = (options.partLimits, options.mark, options.masqueradeAll)
        podTraffic = surroundings.podTraffic.of(family)
        podCIDRs = if case .ranges(let ranges) = podTraffic { ranges } else { [] }
        serviceCIDRs = surroundings.serviceCIDRs.filter { $0.family == family }
        nodePortAddresses = surroundings.nodePortAddresses(family)
    }

    var shapeChains: ShapeChains {
        ShapeChains(mark: mark, podTraffic: podTraffic, limits: limits, nodePortAddresses: nodePortAddresses)
    }

    /// Shapes, and those that their chains lead to.
    func closure(_ shapes: some Sequence<Shape>) -> Set<Shape> {
        var found: Set<Shape> = []
        var open = Array(shapes)
        while let shape = open.popLast() {
            if found.insert(shape).inserted { open += shape.successors(limits) }
        }
        return found
    }

    /// The chains that there are whatever the services are, those that packets enter last.
    var fixedChains: [Chain] {
        let enter = Rule(.verdict(.jump(ChainPurpose.dispatch.name)))
        return [DispatchChains.refuse, DispatchChains.unserved, dispatch, Chain(.record, rules: [])] + [
            Chain(.prerouting, rules: [enter]), Chain(.output, rules: [enter]),
        ]
    }

    /// The last chain that packets meet.
    var postrouting: Chain { Chain(.postrouting, rules: DispatchChains.masqueradeMarked(mark)) }

    private var dispatch: Chain {
        var rules: [Rule] = []
        if masqueradeAll {
            rules.append(DispatchChains.masquerade([], mark))
        } else if !podTraffic.fromOthers.isEmpty {
            rules.append(DispatchChains.masquerade(podTraffic.fromOthers, mark))
        }
        rules.append(Rule(.verdictMap(Keys.service, SetPurpose.services.name)))
        rules.append(DispatchChains.nodePorts(nodePortAddresses))
        rules.append(Rule(.verdict(.goto(ChainPurpose.unserved.name))))
        return Chain(.dispatch, rules: rules)
    }

    /// The sets of ranges and of the node's addresses, with their elements.
    var settingSets: [SetDefinition] {
        let nodePorts: [SetDefinition] =
            switch nodePortAddresses {
            case .all: []
            case .listed(let listed): [SetLayout.addresses(.nodePortAddresses, listed)]
            case .within(let wanted, _): [SetLayout.ranges(.nodePortAddresses, wanted)]
            }
        return [SetLayout.ranges(.serviceCIDRs, serviceCIDRs), SetLayout.ranges(.podCIDRs, podCIDRs)] + nodePorts
    }
}

/// How sets are declared, by what they are for.
enum SetLayout {
    static func addresses(_ purpose: SetPurpose, _ addresses: [IPAddress]) -> SetDefinition {
        SetDefinition(
            purpose, key: [.address], size: SetSize.map(addresses.count),
            elements: addresses.map { Element(.address($0)) })
    }

    static func ranges(_ purpose: SetPurpose, _ ranges: [Prefix]) -> SetDefinition {
        SetDefinition(purpose, key: [.address], kind: .interval, elements: ranges.map { Element(.prefix($0)) })
    }

    static func hairpin(_ addresses: [IPAddress]) -> SetDefinition {
        SetDefinition(
            .hairpin, key: [.address, .address], size: SetSize.map(addresses.count),
            elements: addresses.map { Element(.hairpin($0)) })
    }

    /// A map of keys of a scope to verdicts.
    static func verdicts(_ purpose: SetPurpose, isNodePort: Bool, _ elements: [Element]) -> SetDefinition {
        SetDefinition(
            purpose, key: isNodePort ? Keys.nodePortType : Keys.serviceType, value: .verdict,
            size: SetSize.map(elements.count), elements: elements)
    }

    /// A set without elements.
    static func declaration(of purpose: SetPurpose) -> SetDefinition {
        switch purpose {
        case .services, .affinityServices, .affinityRecall: verdicts(purpose, isNodePort: false, [])
        case .nodePorts: verdicts(purpose, isNodePort: true, [])
        case .clusterIPs, .nodePortAddresses: addresses(purpose, [])
        case .serviceCIDRs, .podCIDRs: ranges(purpose, [])
        case .hairpin: hairpin([])
        case .sourceRanges: sourceRanges([])
        case .endpoints(let scope, let slot): endpoints(scope, slot: slot, count: 0)
        case .parts(let scope, let number): parts(scope, number: number, count: 0)
        case .affinity, .foreign: SetDefinition(purpose, key: [.address], value: .data(Keys.endpointType))
        }
    }

    static func sourceRanges(_ elements: [Element]) -> SetDefinition {
        SetDefinition(.sourceRanges, key: Keys.sourceType, kind: .interval, elements: elements)
    }

    /// - Parameter count: how many elements it is made for.
    static func endpoints(_ scope: SlotScope, slot: Int, count: Int, _ elements: [Element] = []) -> SetDefinition {
        SetDefinition(
            .endpoints(scope, slot: slot), key: scope.keyType, value: .data(Keys.endpointType),
            size: SetSize.map(count), elements: elements)
    }

    /// - Parameter count: how many elements it is made for.
    static func parts(_ scope: SlotScope, number: Int, count: Int, _ elements: [Element] = []) -> SetDefinition {
        SetDefinition(
            .parts(scope, number: number), key: scope.keyType, value: .data([.address]), size: SetSize.map(count),
            elements: elements)
    }
}
