// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// One thing that changes for the traffic of a service port.
package struct PortChange: Sendable {
    package enum Kind: Sendable, Hashable {
        /// A virtual address and port, or a node port, is served from now on.
        case opened(FrontendView)
        case closed(FrontendView)
        case moved(from: Frontend, to: Frontend)
        case endpoints(EndpointChange)
        /// What becomes of packets without an endpoint, or that there are endpoints now.
        case answer(AnswerChange)
        /// In seconds; nil for none.
        case affinity(before: Int?, after: Int?)
        /// Clients that were remembered are not any more, for their memory bears the port's name.
        case affinityForgotten
        /// The policy by which outside clients reach only endpoints on the node, and keep their address.
        case externalLocalPolicy(before: Bool, after: Bool)
        /// The policy by which clients of the ClusterIP reach only endpoints on their own node.
        case internalLocalPolicy(before: Bool, after: Bool)
        case masquerade([Audience], before: Bool, after: Bool)
        /// Whether each endpoint gets as many connections as any other, which rules of Ferrule see to.
        case shares([Audience], areEqual: Bool)
        /// nil for everybody.
        case sourceRanges(before: [Prefix]?, after: [Prefix]?)
    }

    /// Why somebody should look at a change twice: clients get in that could not before, or clients that were served are
    /// not any more.
    package enum Danger: String, Sendable, Hashable {
        /// Clients outside the cluster reach endpoints that they could not reach.
        case opens
        /// More sources may use it.
        case widens
        /// Some sources may not use it any more.
        case narrows
        /// Clients find nothing where they were served.
        case loses
        /// The same, because the last endpoint goes.
        case losesLast
        /// Clients find another service at the same place.
        case passes
        /// Clients find nothing at the old place.
        case moves
    }

    package let kind: Kind
    /// nil where nobody need look twice.
    package private(set) var danger: Danger?
    /// Those that it is about, in order, as they are after the change.
    package var frontends: [Frontend]
    /// Whether these are all frontends that the service has in the families concerned.
    package var isEverywhere = true
    /// The family that it is about, where the service has frontends of both; nil where it is about both, or there is one alone.
    package var family: IPFamily?
    /// The service port that has the place of a closed frontend from now on, or the old place of a moved one.
    package var successor: ServicePortName?

    init(_ kind: Kind, _ frontends: [Frontend], _ danger: Danger? = nil) {
        (self.kind, self.frontends, self.danger) = (kind, frontends, danger)
    }

    package var isDangerous: Bool { danger != nil }

    /// Adds a frontend that the same happens at.
    mutating func add(_ frontend: Frontend, _ danger: Danger?) {
        frontends.append(frontend)
        self.danger = self.danger ?? danger
    }

    /// Says who has the place of a frontend that closes or moves.
    mutating func pass(to successor: ServicePortName) {
        self.successor = successor
        if danger != nil { danger = .passes }
    }
}

/// What becomes of packets, before and after.
package struct AnswerChange: Sendable, Hashable {
    package let before: Route.Answer
    package let after: Route.Answer
    /// Where, in order; nil for all nodes.
    package let places: [NodePlace]?
    /// Whose packets.
    package let audiences: [Audience]

    package init(before: Route.Answer, after: Route.Answer, places: [NodePlace]? = nil, audiences: [Audience] = []) {
        (self.before, self.after, self.places, self.audiences) = (before, after, places, audiences)
    }

    func of(_ audiences: [Audience]) -> AnswerChange {
        AnswerChange(before: before, after: after, places: places, audiences: audiences)
    }
}
