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
