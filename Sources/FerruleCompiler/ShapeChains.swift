// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// Makes the chains of shapes and slots.
struct ShapeChains: Sendable {
    let mark: Mark
    let podTraffic: PodTraffic
    let limits: PartLimits
    let nodePortAddresses: NodePortAddresses

    /// Translates to endpoint number `slot`. A packet may have read the number of endpoints before a commit and look its
    /// endpoint up after it; if that is gone it takes the first one, and if there is none it is dropped so that it comes again.
    func slot(_ slot: Int, _ scope: SlotScope) -> Chain {
        Chain(
            .slot(scope, slot),
            rules: [
                Rule(.dnat(scope.key, scope.endpoints(slot))),
                Rule(.verdict(slot == 0 ? .drop : .goto(scope.slot(0)))),
            ])
    }

    /// Picks one of the first slots; of a large service one of the parts, each as often as it has endpoints.
    private func pick(_ scope: SlotScope, _ count: Int, _ parts: [Shape]) -> Rule {
        guard !parts.isEmpty else { return Rule(.numgen((0..<count).map { .goto(scope.slot($0)) })) }
        let sizes = limits.sizes(of: count)
        let areAlike = Set(sizes).count == 1
        return Rule(
            .numgen(zip(parts, sizes).flatMap { Array(repeating: $0.verdict, count: areAlike ? 1 : $1) }))
    }

    /// The chain of a shape; nil for those that have none of their own.
    func chain(_ shape: Shape) -> Chain? {
        let successors = shape.successors(limits)
        switch shape {
        case .balance(let scope, let count):
            return Chain(.shape(shape), rules: [pick(scope, count, successors)])
        case .part(let scope, let number, _):
            // A packet may have read how many parts there are before a commit; if its part is gone it is to come again.
            let enter = successors.map {
                Rule(.setDestination(scope.key, scope.parts(number)), .verdict($0.verdict))
            }
            return Chain(.shape(shape), rules: enter + [Rule(.verdict(.drop))])
        case .sticky(let scope, let count):
            // Affinity is found by address and port for node ports too: see ``SetPurpose/affinityRecall(isLocal:)``.
            return Chain(
                .shape(shape),
                rules: [
                    Rule(.verdictMap(Keys.service, scope.recall.name)),
                    Rule(.verdict(Shape.balance(scope, count).verdict)),
                ])
        case .external:
            return Chain(.shape(shape), rules: [Rule(.setMark(mark))] + successors.map { Rule(.verdict($0.verdict)) })
        case .externalLocal:
            return Chain(.shape(shape), rules: externalLocal(cluster: successors[0], local: successors[1]))
        case .firewall(let inner):
            return Chain(
                .shape(shape),
                rules: [
                    Rule(.lookup(Keys.source, SetPurpose.sourceRanges.name, negated: true), .verdict(.drop)),
                    Rule(.verdict(inner.verdict)),
                ])
        case .refuseUnlessNodePort:
            return Chain(
                .shape(shape),
                rules: [DispatchChains.nodePorts(nodePortAddresses)] + successors.map { Rule(.verdict($0.verdict)) })
        case .refuse, .drop:
            return nil
        }
    }

    /// The source is kept, so only endpoints on this node may answer; but pods, and the node itself behind a masquerade,
    /// are as good as inside the cluster.
    private func externalLocal(cluster: Shape, local: Shape) -> [Rule] {
        podTraffic.fromPods.map { Rule([$0, .verdict(cluster.verdict)]) } + [
            Rule(.isLocal(.source, negated: false), .setMark(mark), .verdict(cluster.verdict)),
            Rule(.verdict(local.verdict)),
        ]
    }
}

extension PodTraffic {
    /// Matches packets of pods; none where they cannot be told.
    var fromPods: [Statement] { match(negated: false) }

    /// Matches packets of others; none where pods cannot be told.
    var fromOthers: [Statement] { match(negated: true) }

    private func match(negated: Bool) -> [Statement] {
        switch self {
        case .unknown: []
        case .ranges: [.lookup([.sourceAddress], SetPurpose.podCIDRs.name, negated: negated)]
        case .interface(let name): [.inputInterface(name, isPrefix: false, negated: negated)]
        case .interfacePrefix(let prefix): [.inputInterface(prefix, isPrefix: true, negated: negated)]
        }
    }
}
