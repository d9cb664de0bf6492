// SPDX-License-Identifier: Apache-2.0

/// Compares what becomes of the packets of one audience at one frontend.
struct RouteComparison {
    let before: Route
    let after: Route
    /// Places that are alike, with all that a reader is to be told of them; none where all nodes do the same before and after.
    private let groups: [PlaceGroup]

    /// - Parameter nodes: those that there are.
    init(_ audience: Audience, before: FrontendView, after: FrontendView, _ nodes: KnownNodes) {
        (self.before, self.after) = (before.route(of: audience), after.route(of: audience))
        groups = nodes.groups(before: before.seenPlaces(of: audience), after: after.seenPlaces(of: audience))
    }

    /// The endpoints of all places together, then those of single places whose change that does not say.
    var endpoints: [EndpointChange] {
        let whole = EndpointChange(before.endpoints, after.endpoints)
        return (whole.map { [$0] } ?? []) + placedEndpoints(besides: whole)
    }

    /// What becomes of packets at all places, or at those where it is something else than at others.
    var answers: [AnswerChange] {
        guard !groups.isEmpty else { return answerEverywhere }
        // Where the service is left without any endpoint, or gets its first ones and all nodes reach them, it does not matter
        // what nodes did without one.
        if after.places == nil, before.answer == .served, after.answer != .served { return answerEverywhere }
        if before.places == nil, after.places?.areLocal != true { return answerEverywhere }
        var changes: [AnswerChange] = []
        for group in groups {
            let (old, new) = (before.answer(at: group.sides.before), after.answer(at: group.sides.after))
            guard old != new else { continue }
            if let index = changes.firstIndex(where: { $0.before == old && $0.after == new }) {
                let places = (changes[index].places ?? []) + group.members
                changes[index] = AnswerChange(before: old, after: new, places: places.sorted())
            } else {
                changes.append(AnswerChange(before: old, after: new, places: group.members))
            }
        }
        let all = groups.reduce(0) { $0 + $1.members.count }
        return changes.count == 1 && changes[0].places?.count == all
            ? [AnswerChange(before: changes[0].before, after: changes[0].after)] : changes
    }

    private var answerEverywhere: [AnswerChange] {
        before.answer == after.answer ? [] : [AnswerChange(before: before.answer, after: after.answer)]
    }

    /// What a node's own endpoints are is said by the policy where that is another, by what comes and goes in all, and for
    /// nodes without any by what becomes of packets there.
    private func placedEndpoints(besides whole: EndpointChange?) -> [EndpointChange] {
        let policies = [before, after].map { $0.places?.areLocal }
        guard !policies.contains(true) || policies[0] == policies[1] else { return [] }
        var changes: [EndpointChange] = []
        for group in groups {
            let old = before.endpoints(at: group.sides.before)
            let new = after.endpoints(at: group.sides.after)
            guard let change = EndpointChange(old, new, at: group.members),
                !Set(change.added).isSubset(of: whole?.added ?? [])
                    || !Set(change.removed).isSubset(of: whole?.removed ?? [])
            else { continue }
            if let index = changes.firstIndex(where: { $0.isLike(change) }) {
                changes[index].places = ((changes[index].places ?? []) + group.members).sorted()
            } else {
                changes.append(change)
            }
        }
        return changes
    }
}

extension FrontendView {
    fileprivate func seenPlaces(of audience: Audience) -> SeenPlaces {
        SeenPlaces(listed: route(of: audience).places.map { Set($0.lists.keys) } ?? [], seen: places)
    }
}
