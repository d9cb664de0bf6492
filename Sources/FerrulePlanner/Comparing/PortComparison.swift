// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// Compares a service port's frontends before with those after; one that comes or goes has none on one side.
struct PortComparison {
    private(set) var changes: [PortChange] = []
    /// The frontends that stay.
    private let kept: [Frontend]
    private let nodes: KnownNodes

    init(_ before: [FrontendView], _ after: [FrontendView], _ nodes: KnownNodes) {
        self.nodes = nodes
        var pairs: [(before: FrontendView, after: FrontendView)] = []
        var closed: [FrontendView] = []
        var opened = after
        for view in before {
            // A service port has few frontends, so looking through them is as quick as a table.
            if let match = opened.firstIndex(where: { $0.frontend.isAt(view.frontend) }) {
                pairs.append((view, opened.remove(at: match)))
            } else {
                closed.append(view)
            }
        }
        if !opened.isEmpty || !closed.isEmpty {
            for move in PortComparison.moves(closed, opened) {
                changes.append(
                    PortChange(
                        .moved(from: move.before.frontend, to: move.after.frontend), [move.after.frontend],
                        move.before.isServed ? .moves : nil))
                pairs.append(move)
                closed.removeAll { $0 == move.before }
                opened.removeAll { $0 == move.after }
            }
            changes += opened.map { PortChange(.opened($0), [$0.frontend], $0.opensToOutside ? .opens : nil) }
            changes += closed.map { PortChange(.closed($0), [$0.frontend], $0.isServed ? .loses : nil) }
            changes.sort { $0.frontends[0] < $1.frontends[0] }
        }
        kept = pairs.map(\.after.frontend)
        for (before, after) in pairs { compare(before, after) }
        for index in changes.indices { complete(&changes[index]) }
    }

    /// A frontend that goes while just one of the same address comes, or else of the same kind and family, has moved there.
    private static func moves(
        _ closed: [FrontendView], _ opened: [FrontendView]
    ) -> [(before: FrontendView, after: FrontendView)] {
        var (closed, opened) = (closed, opened)
        var moves: [(before: FrontendView, after: FrontendView)] = []
        for mayMove in [Frontend.hasAddress(of:), Frontend.hasKind(of:)] {
            for view in closed {
                let others = closed.filter { mayMove($0.frontend)(view.frontend) }
                let targets = opened.filter { mayMove(view.frontend)($0.frontend) }
                guard others.count == 1, targets.count == 1 else { continue }
                moves.append((view, targets[0]))
                closed.removeAll { $0 == view }
                opened.removeAll { $0 == targets[0] }
            }
        }
        return moves
    }

    private mutating func compare(_ before: FrontendView, _ after: FrontendView) {
        let frontend = after.frontend
        compareKinds(before, after)
        comparePolicies(before, after)
        compareRoutes(before, after)
        compareAffinity(before, after)
        let (old, new) = (before.sourceRanges?.sorted(), after.sourceRanges?.sorted())
        if old != new {
            add(.sourceRanges(before: old, after: new), frontend, PortComparison.danger(before, after))
        }
    }

    /// An address that was a ClusterIP and is an external one, or the other way, is for others from now on.
    private mutating func compareKinds(_ before: FrontendView, _ after: FrontendView) {
        switch (before.frontend.isForOutside, after.frontend.isForOutside) {
        case (false, true): add(.opened(after), after.frontend, after.opensToOutside ? .opens : nil)
        case (true, false): add(.closed(before), before.frontend, before.opensToOutside ? .loses : nil)
        default: break
        }
    }

    /// Of what nobody is given there is nothing to remember.
    private mutating func compareAffinity(_ before: FrontendView, _ after: FrontendView) {
        guard before.isServed, after.isServed else { return }
        if before.affinity != after.affinity {
            add(.affinity(before: before.affinity, after: after.affinity), after.frontend)
        } else if before.affinity != nil, before.name != after.name {
            add(.affinityForgotten, after.frontend)
        }
    }

    private mutating func comparePolicies(_ before: FrontendView, _ after: FrontendView) {
        guard before.isServed, after.isServed else { return }
        let frontend = after.frontend
        if before.isLocal != after.isLocal {
            add(.externalLocalPolicy(before: before.isLocal, after: after.isLocal), frontend)
        } else if frontend.kind == .clusterIP, before.pods.isLocal != after.pods.isLocal {
            add(.internalLocalPolicy(before: before.pods.isLocal, after: after.pods.isLocal), frontend)
        }
    }

    private mutating func compareRoutes(_ before: FrontendView, _ after: FrontendView) {
        var endpoints: [(change: EndpointChange, audiences: [Audience])] = []
        var answers: [(change: AnswerChange, audiences: [Audience])] = []
        var masquerades: [Audience] = []
        var (evened, unevened): ([Audience], [Audience]) = ([], [])
        for audience in Audience.allCases {
            let routes = RouteComparison(audience, before: before, after: after, nodes)
            for change in routes.endpoints { PortComparison.add(change, of: audience, in: &endpoints) }
            for change in routes.answers { PortComparison.add(change, of: audience, in: &answers) }
            let isServed = routes.before.answer == .served && routes.after.answer == .served
            if isServed, routes.before.isMasqueraded != routes.after.isMasqueraded { masquerades.append(audience) }
            if isServed, !routes.before.isEven, routes.after.isEven { evened.append(audience) }
            if isServed, routes.before.isEven, !routes.after.isEven { unevened.append(audience) }
        }
        let frontend = after.frontend
        for (change, audiences) in endpoints {
            add(
                .endpoints(change.of(audiences)), frontend, change.places == nil && change.losesLast ? .losesLast : nil)
        }
        // The loss of the last endpoint, which stands beside it, says the same.
        let isLastLost = endpoints.contains { $0.change.places == nil && $0.change.losesLast }
        for (answer, audiences) in answers {
            let change = answer.of(audiences)
            let isLossTold = isLastLost && change.places == nil
            let danger: PortChange.Danger? =
                switch (change.before, change.after) {
                case (.served, _): isLossTold ? nil : .loses
                // What others have served, which are still there or gone, opens nothing here.
                case (_, .served): after.opensToOutside && change.audiences.contains(.outside) ? .opens : nil
                default: nil
                }
            add(.answer(change), frontend, danger)
        }
        if !evened.isEmpty { add(.shares(evened, areEqual: true), frontend) }
        if !unevened.isEmpty { add(.shares(unevened, areEqual: false), frontend) }
        // Of ClusterIPs the settings decide it, for all services.
        if frontend.isForOutside, before.isLocal == after.isLocal, let audience = masquerades.first {
            let isMasqueraded = after.route(of: audience).isMasqueraded
            add(.masquerade(masquerades, before: !isMasqueraded, after: isMasqueraded), frontend)
        }
    }

    /// Adds a change, or to one that is known the audience that has it too.
    private static func add<Change: Equatable>(
        _ change: Change, of audience: Audience, in changes: inout [(change: Change, audiences: [Audience])]
    ) {
        if let index = changes.firstIndex(where: { $0.change == change }) {
            changes[index].audiences.append(audience)
        } else {
            changes.append((change, [audience]))
        }
    }

    /// What another list of sources means for those who were served, or are from now on.
    private static func danger(_ before: FrontendView, _ after: FrontendView) -> PortChange.Danger? {
        if after.isServed, after.sourceRanges.reaches(beyond: before.sourceRanges) { return .widens }
        return before.isServed && before.sourceRanges.reaches(beyond: after.sourceRanges) ? .narrows : nil
    }

    /// Adds a change, or to one that is known the frontend that has it too.
    private mutating func add(
        _ kind: PortChange.Kind, _ frontend: Frontend, _ danger: PortChange.Danger? = nil
    ) {
        if let index = changes.firstIndex(where: { $0.kind == kind }) {
            changes[index].add(frontend, danger)
        } else {
            changes.append(PortChange(kind, [frontend], danger))
        }
    }

    private func complete(_ change: inout PortChange) {
        guard change.frontends.count < kept.count else { return }
        let families = Set(change.frontends.map(\.family))
        change.frontends.sort()
        change.isEverywhere = kept.allSatisfy { frontend in
            !families.contains(frontend.family) || change.frontends.contains(frontend)
        }
        if families.count == 1, kept.contains(where: { !families.contains($0.family) }) {
            change.family = families.first
        }
    }
}

extension FrontendView {
    /// Whether clients outside the cluster, for whom it is meant, find an endpoint.
    fileprivate var opensToOutside: Bool { frontend.isForOutside && outside.answer == .served }
}

extension Route {
    /// Whether only endpoints on the node count, as far as places tell.
    fileprivate var isLocal: Bool { places?.areLocal == true }
}

extension Frontend {
    fileprivate func hasKind(of other: Frontend) -> Bool { kind == other.kind && family == other.family }

    fileprivate func hasAddress(of other: Frontend) -> Bool {
        guard let address, address == other.address else { return false }
        return hasKind(of: other)
    }
}
