// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// What becomes of the packets of one audience.
package struct Route: Sendable, Hashable {
    /// What becomes of packets where there is no endpoint.
    package enum Answer: String, Sendable, Hashable {
        case served, refused, dropped
        /// They go on as if there were no service.
        case ignored
    }

    /// Those of all places; in the order of the ruleset, which means nothing.
    package private(set) var endpoints: [Endpoint]
    /// `served` where packets find an endpoint at any place.
    package private(set) var answer: Answer
    /// Whether the endpoint sees the node's address for that of the client.
    package let isMasqueraded: Bool
    /// Whether each endpoint gets as many connections as any other, on all nodes.
    package private(set) var isEven: Bool
    /// What differs between nodes; nil where all nodes do the same.
    package private(set) var places: Places?

    /// What packets find where the node decides.
    package struct Places: Sendable, Hashable {
        /// The endpoints of places that differ from the others.
        package fileprivate(set) var lists: [NodePlace: [Endpoint]] = [:]
        /// The endpoints at all others.
        package let others: [Endpoint]
        /// What becomes of packets at all others.
        package let otherAnswer: Answer

        /// Whether only endpoints on the node count (traffic policy Local); else all nodes reach some (topology hints).
        package var areLocal: Bool { otherAnswer != .served }
    }

    init(endpoints: [Endpoint], answer: Answer, isMasqueraded: Bool, isEven: Bool) {
        (self.endpoints, self.answer) = (endpoints, answer)
        (self.isMasqueraded, self.isEven) = (isMasqueraded, isEven)
    }

    /// Whether packets find the same.
    func isLike(_ other: Route) -> Bool {
        answer == other.answer && isMasqueraded == other.isMasqueraded
            && endpoints.hasSameMembers(as: other.endpoints)
    }

    /// Adds what becomes of packets at a place, if that is something else than at places that are not named.
    mutating func merge(_ other: Route, at place: NodePlace) {
        isEven = isEven && other.isEven
        var places = places ?? Places(others: endpoints, otherAnswer: answer)
        guard other.answer != places.otherAnswer || !other.endpoints.hasSameMembers(as: places.others) else { return }
        places.lists[place] = other.endpoints
        self.places = places
        let known = Set(endpoints)
        endpoints += other.endpoints.filter { !known.contains($0) }
        if other.answer == .served { answer = .served }
    }

    /// The endpoints that packets at a place may go to.
    package func endpoints(at place: NodePlace) -> [Endpoint] {
        guard let places else { return endpoints }
        return places.lists[place] ?? places.others
    }

    /// What becomes of packets at a place.
    package func answer(at place: NodePlace) -> Answer {
        guard let places else { return answer }
        guard let list = places.lists[place] else { return places.otherAnswer }
        return list.isEmpty ? places.otherAnswer : .served
    }
}

extension [Endpoint] {
    fileprivate func hasSameMembers(as other: [Endpoint]) -> Bool { self == other || Set(self) == Set(other) }
}
