// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// What a ruleset does with the traffic of one frontend.
package struct ServiceView: Sendable {
    /// `namespace/service:port`, or the frontend where nobody has written down whose it is.
    package let label: String
    package let frontend: Frontend
    package let pods: Route
    package let node: Route
    package let outside: Route
    /// Who may use it; nil for everybody.
    package let sourceRanges: [Prefix]?
    /// For how many seconds a client keeps its endpoint; nil without session affinity.
    package let affinity: Int?
    /// Whether senders are told apart: those outside reach only endpoints on the node, and keep their address.
    package let isLocal: Bool

    package func route(of audience: Audience) -> Route {
        switch audience {
        case .pods: pods
        case .node: node
        case .outside: outside
        }
    }
}

/// What becomes of the packets of one audience.
package struct Route: Sendable {
    /// What becomes of packets where there is no endpoint.
    package enum Answer: String, Sendable, Hashable {
        case served, refused, dropped
        /// They go on as if there were no service.
        case ignored
    }

    /// In the order of the ruleset, which means nothing.
    package let endpoints: [Endpoint]
    package let answer: Answer
    /// Whether the endpoint sees the node's address for that of the client.
    package let isMasqueraded: Bool
}
