// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// Makes the chains of shapes and slots.
struct ShapeChains: Sendable {
    let mark: Mark
    let podTraffic: PodMatch
    let limits: PartLimits
    let nodePortAddresses: ResolvedNodePortAddresses

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

/// How rules tell traffic of pods in one family.
struct PodMatch: Sendable, Equatable {
    /// Matches packets of pods; none where they cannot be told.
    let fromPods: [Statement]
    /// Matches packets of others; none where pods cannot be told.
    let fromOthers: [Statement]

    init(_ traffic: PodTraffic, hasRanges: Bool) {
        let match: ((Bool) -> Statement)? =
            switch traffic {
            case .unknown: nil
            case .ranges: hasRanges ? { .lookup([.sourceAddress], SetPurpose.podCIDRs.name, negated: $0) } : nil
            case .interface(let name): { .inputInterface(name, isPrefix: false, negated: $0) }
            case .interfacePrefix(let prefix): { .inputInterface(prefix, isPrefix: true, negated: $0) }
            }
        fromPods = match.map { [$0(false)] } ?? []
        fromOthers = match.map { [$0(true)] } ?? []
    }
}
