// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// One thing that changes for the traffic of a service port.
package struct ServiceChange: Sendable {
    package enum Kind: Sendable, Hashable {
        /// A virtual address and port, or a node port, is served from now on.
        case opened(ServiceView)
        case closed(ServiceView)
        case moved(from: Frontend, to: Frontend)
        case endpoints(EndpointChange)
        /// What becomes of packets without an endpoint, or that there are endpoints now.
        case answer([Audience], before: Route.Answer, after: Route.Answer)
        /// In seconds; nil for none.
        case affinity(before: Int?, after: Int?)
        /// The policy by which outside clients reach only endpoints on the node, and keep their address.
        case localPolicy(before: Bool, after: Bool)
        case masquerade([Audience], before: Bool, after: Bool)
        /// nil for everybody.
        case sourceRanges(before: [Prefix]?, after: [Prefix]?)
    }

    package let kind: Kind
    /// Those that it is about, in order, as they are after the change.
    package var frontends: [Frontend]
    /// Whether these are all frontends that the service has in the families concerned.
    package var isEverywhere = true

    init(_ kind: Kind, _ frontends: [Frontend]) { (self.kind, self.frontends) = (kind, frontends) }

    /// Whether somebody should look at it twice.
    package var isDangerous: Bool {
        switch kind {
        case .opened(let view): view.frontend.isForOutside
        case .moved: true
        case .endpoints(let change): change.losesLast
        case .sourceRanges(_, nil): true
        case .sourceRanges(let before?, let after?):
            after.contains { range in !before.contains { $0.contains(range) } }
        case .closed, .answer, .affinity, .localPolicy, .masquerade, .sourceRanges: false
        }
    }
}

/// Which endpoints a frontend's traffic may go to, before and after.
package struct EndpointChange: Sendable, Hashable {
    /// Whose traffic.
    package let audiences: [Audience]
    package let before: Int
    package let after: Int
    /// Sorted.
    package let added: [Endpoint]
    /// Sorted.
    package let removed: [Endpoint]

    package var losesLast: Bool { after == 0 && before > 0 }
}

extension ServiceView: Hashable {
    package static func == (left: ServiceView, right: ServiceView) -> Bool {
        left.label == right.label && left.frontend == right.frontend
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(label)
        hasher.combine(frontend)
    }
}
