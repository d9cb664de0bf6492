// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// Compares a service port's frontends before with those after.
struct ServiceComparison {
    private(set) var changes: [ServiceChange] = []
    /// The frontends that stay.
    private let kept: [Frontend]

    init(_ before: [ServiceView], _ after: [ServiceView]) {
        var pairs: [(before: ServiceView, after: ServiceView)] = []
        var closed: [ServiceView] = []
        var opened = after
        for view in before {
            // A service port has few frontends, so looking through them is as quick as a table.
            if let match = opened.firstIndex(where: { $0.isAt(view.frontend) }) {
                pairs.append((view, opened.remove(at: match)))
            } else {
                closed.append(view)
            }
        }
        if !opened.isEmpty || !closed.isEmpty {
            for move in ServiceComparison.moves(closed, opened) {
                changes.append(
                    ServiceChange(
                        .moved(from: move.before.frontend, to: move.after.frontend), [move.after.frontend]))
                pairs.append(move)
                closed.removeAll { $0 == move.before }
                opened.removeAll { $0 == move.after }
            }
            changes += opened.map { ServiceChange(.opened($0), [$0.frontend]) }
            changes += closed.map { ServiceChange(.closed($0), [$0.frontend]) }
            changes.sort { $0.frontends[0] < $1.frontends[0] }
        }
        kept = pairs.map(\.after.frontend)
        for (before, after) in pairs { compare(before, after) }
        for index in changes.indices { complete(&changes[index]) }
    }

    /// A frontend that goes while just one of the same kind and family comes has moved there.
    private static func moves(
        _ closed: [ServiceView], _ opened: [ServiceView]
    ) -> [(before: ServiceView, after: ServiceView)] {
        closed.compactMap { view in
            let others = closed.count { $0.frontend.mayMove(to: view.frontend) }
            let targets = opened.filter { view.frontend.mayMove(to: $0.frontend) }
            return others == 1 && targets.count == 1 ? targets.first.map { (view, $0) } : nil
        }
    }

    private mutating func compare(_ before: ServiceView, _ after: ServiceView) {
        let frontend = after.frontend
        compareRoutes(before, after)
        if before.affinity != after.affinity {
            note(.affinity(before: before.affinity, after: after.affinity), frontend)
        }
        if before.sourceRanges != after.sourceRanges,
            before.sourceRanges.map(Set.init) != after.sourceRanges.map(Set.init)
        {
            note(
                .sourceRanges(before: before.sourceRanges?.sorted(), after: after.sourceRanges?.sorted()), frontend)
        }
    }

    private mutating func compareRoutes(_ before: ServiceView, _ after: ServiceView) {
        var endpoints: [(change: EndpointChange, audiences: [Audience])] = []
        var answers: [(before: Route.Answer, after: Route.Answer, audiences: [Audience])] = []
        var masquerades: [Audience] = []
        for audience in Audience.allCases {
            let (old, new) = (before.route(of: audience), after.route(of: audience))
            if let change = EndpointChange(old.endpoints, new.endpoints) {
                if let index = endpoints.firstIndex(where: { $0.change == change }) {
                    endpoints[index].audiences.append(audience)
                } else {
                    endpoints.append((change, [audience]))
                }
            }
            if old.answer != new.answer {
                if let index = answers.firstIndex(where: { $0.before == old.answer && $0.after == new.answer }) {
                    answers[index].audiences.append(audience)
                } else {
                    answers.append((old.answer, new.answer, [audience]))
                }
            }
            let isServed = old.answer == .served && new.answer == .served
            if isServed, old.isMasqueraded != new.isMasqueraded { masquerades.append(audience) }
        }
        let frontend = after.frontend
        for (change, audiences) in endpoints { note(.endpoints(change.of(audiences)), frontend) }
        for answer in answers { note(.answer(answer.audiences, before: answer.before, after: answer.after), frontend) }
        let isServed = before.outside.answer == .served || before.pods.answer == .served
        let isServedAfter = after.outside.answer == .served || after.pods.answer == .served
        if before.isLocal != after.isLocal, isServed, isServedAfter {
            note(.localPolicy(before: before.isLocal, after: after.isLocal), frontend)
        } else if let audience = masquerades.first {
            let isMasqueraded = after.route(of: audience).isMasqueraded
            note(.masquerade(masquerades, before: !isMasqueraded, after: isMasqueraded), frontend)
        }
    }

    /// Adds a change, or to one that is known the frontend that has it too.
    private mutating func note(_ kind: ServiceChange.Kind, _ frontend: Frontend) {
        if let index = changes.firstIndex(where: { $0.kind == kind }) {
            changes[index].frontends.append(frontend)
        } else {
            changes.append(ServiceChange(kind, [frontend]))
        }
    }

    private func complete(_ change: inout ServiceChange) {
        guard change.frontends.count < kept.count else { return }
        let families = Set(change.frontends.map(\.family))
        change.frontends.sort()
        change.isEverywhere = kept.allSatisfy { frontend in
            !families.contains(frontend.family) || change.frontends.contains(frontend)
        }
    }
}

extension ServiceView {
    fileprivate func isAt(_ other: Frontend) -> Bool { frontend.key == other.key && frontend.family == other.family }
}

extension Frontend {
    fileprivate func mayMove(to other: Frontend) -> Bool { kind == other.kind && family == other.family }
}

extension EndpointChange {
    /// nil for lists of the same endpoints in whatever order.
    fileprivate init?(_ before: [Endpoint], _ after: [Endpoint]) {
        guard before != after else { return nil }
        let (old, new) = (Set(before), Set(after))
        guard old != new else { return nil }
        self.init(
            audiences: [], before: old.count, after: new.count, added: new.subtracting(old).sorted(),
            removed: old.subtracting(new).sorted())
    }

    fileprivate func of(_ audiences: [Audience]) -> EndpointChange {
        EndpointChange(audiences: audiences, before: before, after: after, added: added, removed: removed)
    }
}
