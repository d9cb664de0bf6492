// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// Makes the chains of shapes and slots.
struct ShapeChains {
    let mark: Mark
    let podTraffic: PodMatch

    /// Translates to endpoint number `slot`. A packet may have read the number of endpoints before a commit and look its
    /// endpoint up after it; if that is gone it takes the first one, and if there is none it is dropped so that it comes again.
    ///
    /// A slot of a page leaves that to the chain that it was picked by: there may be thousands, and each rule has its
    /// price.
    func slot(_ slot: Int, _ scope: SlotScope) -> Chain {
        let map = EndpointMap(of: slot)
        let translate = Rule(.translate(scope.key(of: slot), scope.name(of: map)))
        let otherwise = Rule(.verdict(slot == 0 ? .drop : .goto(scope.slot(0))))
        return Chain(scope.slot(slot), rules: map.isPage ? [translate] : [translate, otherwise])
    }

    /// Picks one of the first slots.
    private func balance(_ name: ChainName, _ scope: SlotScope, _ count: Int) -> Chain {
        let isPaged = { EndpointMap(of: $0).isPage }
        let pick = Rule(.spread((0..<count).map { isPaged($0) ? .jump(scope.slot($0)) : .goto(scope.slot($0)) }))
        let otherwise = Rule(.verdict(.goto(scope.slot(0))))
        return Chain(name, rules: isPaged(count - 1) ? [pick, otherwise] : [pick])
    }

    /// The chain of a shape; nil for those that have none of their own.
    func chain(_ shape: Shape) -> Chain? {
        guard let name = shape.name else { return nil }
        switch shape {
        case .balance(let scope, let count): return balance(name, scope, count)
        case .sticky(let scope, let count):
            // Affinity is found by address and port for node ports too: see `SlotScope.recall`.
            return Chain(
                name,
                rules: [
                    Rule(.verdictMap(Keys.service, scope.recall)),
                    Rule(.verdict(Shape.balance(scope, count).verdict)),
                ])
        case .external:
            return Chain(name, rules: [Rule(.setMark(mark))] + shape.successors.map { Rule(.verdict($0.verdict)) })
        case .externalLocal:
            return Chain(name, rules: externalLocal(cluster: shape.successors[0], local: shape.successors[1]))
        case .firewall(let inner):
            return Chain(
                name,
                rules: [
                    Rule(.rangeLookup(Keys.source, ObjectNames.sourceRanges, negated: true), .verdict(.drop)),
                    Rule(.verdict(inner.verdict)),
                ])
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
struct PodMatch {
    /// Matches packets of pods; none where they cannot be told.
    let fromPods: [Statement]
    /// Matches packets of others; none where pods cannot be told.
    let fromOthers: [Statement]

    init(_ traffic: PodTraffic, hasRanges: Bool) {
        let match: ((Bool) -> Statement)? =
            switch traffic {
            case .unknown: nil
            case .ranges: hasRanges ? { .lookup([.sourceAddress], ObjectNames.podCIDRs, negated: $0) } : nil
            case .interface(let name): { .inputInterface(name, isPrefix: false, negated: $0) }
            case .interfacePrefix(let prefix): { .inputInterface(prefix, isPrefix: true, negated: $0) }
            }
        fromPods = match.map { [$0(false)] } ?? []
        fromOthers = match.map { [$0(true)] } ?? []
    }
}
