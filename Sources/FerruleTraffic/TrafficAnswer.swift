// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleNetwork
package import FerruleResolution
package import FerruleRuleset

/// What becomes of traffic, with the names of what it meets.
package struct TrafficAnswer: Sendable {
    package let packet: Packet
    package let entry: Packet.Entry
    /// What the packet is for; nil where no service is met.
    package let service: ServedService?
    /// Sorted by endpoint, what ends without one last; the shares add up to one.
    package let outcomes: [TrafficOutcome]
    /// In the order in which rules are met, those of each way of several one behind the other; no step twice.
    package let steps: [TrafficStep]
    /// The same as a tree.
    package let evaluation: Evaluation
    /// Why the packet is refused, dropped or left alone, or why nothing is known; nil where it is always translated.
    package let reason: String?
    /// What would have to be otherwise for it to be translated; nil where nothing can be named.
    package let remedy: String?
    /// Set where the answer depends on which endpoints run on the node, and nobody knows where some of them will.
    package let undecided: Undecided?

    /// What only those know who know where declared pods run.
    package struct Undecided: Sendable {
        /// The field that says Local: `internalTrafficPolicy`.
        package let policy: String
        /// The addresses of endpoints of which nobody knows where they run.
        package let homeless: Set<IPAddress>
    }
}

/// The service that a packet is for.
package struct ServedService: Sendable, Equatable {
    /// `namespace/name:port`, without the colon where the port has no name.
    package let label: String
    /// nil where only the kernel was asked.
    package let port: ResolvedPort?
}

/// One of the ways in which traffic may end.
package struct TrafficOutcome: Sendable, Hashable {
    package enum Verdict: String, Sendable {
        case translate
        /// The sender is told.
        case refuse
        /// The sender is not told.
        case drop
        /// The packet goes on as it is.
        case pass
        /// Not in the hands of what Ferrule has made.
        case unknown
    }

    package var verdict: Verdict
    package var endpoint: Endpoint?
    /// Whose address the endpoint has; nil where the definitions do not say.
    package var pod: ObjectKey?
    /// The node that the endpoint is on.
    package var node: String?
    package var isMasqueraded: Bool
    /// Whether later connections of the sender go there too.
    package var isSticky: Bool
    package var share: Share
}

/// A rule that did something with the packet.
package struct TrafficStep: Sendable, Hashable {
    package enum Rule: Sendable, Hashable {
        case own(FerruleRuleset.Rule)
        /// One of somebody else, at which the way is lost sight of, as libnftnl describes it.
        case foreign(String)
    }

    package let chain: ChainName
    package let rule: Rule
    /// What it found in a set or map, without the comment.
    package let element: Element?
    /// Why, in words.
    package let why: String
    /// The part of all packets that come here.
    package let share: Share
}
