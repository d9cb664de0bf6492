// SPDX-License-Identifier: Apache-2.0

/// Compares what becomes of the packets of one audience at one frontend.
struct RouteComparison {
    let before: Route
    let after: Route

    /// The endpoints of all places together, then those of single places whose change that does not say.
    var endpoints: [EndpointChange] {
        let whole = EndpointChange(before.endpoints, after.endpoints)
        return (whole.map { [$0] } ?? []) + placedEndpoints(besides: whole)
    }

    /// What becomes of packets at all places, or at those where it is something else than at others.
    var answers: [AnswerChange] {
        let places = self.places
        guard !places.isEmpty else { return answer(at: nil) }
        // Where the service is left without any endpoint, or gets its first ones and all nodes reach them, it does not matter
        // what nodes did without one.
        if after.places == nil, before.answer == .served, after.answer != .served { return answer(at: nil) }
        if before.places == nil, after.places?.areLocal != true { return answer(at: nil) }
        var changes: [AnswerChange] = []
        for place in places {
            let (old, new) = (before.answer(at: place), after.answer(at: place))
            guard old != new else { continue }
            if let index = changes.firstIndex(where: { $0.before == old && $0.after == new }) {
                changes[index] = AnswerChange(
                    before: old, after: new, places: (changes[index].places ?? []) + [place])
            } else {
                changes.append(AnswerChange(before: old, after: new, places: [place]))
            }
        }
        return changes.count == 1 && changes[0].places?.count == places.count
            ? [AnswerChange(before: changes[0].before, after: changes[0].after, places: nil)] : changes
    }

    private func answer(at places: [NodePlace]?) -> [AnswerChange] {
        before.answer == after.answer
            ? [] : [AnswerChange(before: before.answer, after: after.answer, places: places)]
    }

    /// All places that are told from others, before or after, and those others; none where no place is.
    private var places: [NodePlace] {
        let named = Set(before.places.map { Array($0.lists.keys) } ?? []).union(
            after.places?.lists.keys.map(\.self) ?? [])
        return before.places == nil && after.places == nil ? [] : named.sorted() + [.others]
    }

    /// What a node's own endpoints are is said by the policy where that is another, by what comes and goes in all, and for
    /// nodes without any by what becomes of packets there.
    private func placedEndpoints(besides whole: EndpointChange?) -> [EndpointChange] {
        let policies = [before, after].map { $0.places?.areLocal }
        guard !policies.contains(true) || policies[0] == policies[1] else { return [] }
        return places.compactMap { place in
            guard let change = EndpointChange(before.endpoints(at: place), after.endpoints(at: place), at: place),
                !Set(change.added).isSubset(of: whole?.added ?? [])
                    || !Set(change.removed).isSubset(of: whole?.removed ?? [])
            else { return nil }
            return change
        }
    }
}
