// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
package import FerruleRuleset

/// What a packet has to be like. Rules name matches in the order of these cases.
package enum IPTablesMatch: Sendable, Hashable {
    case source(Prefix, negated: Bool = false)
    case destination(Prefix, negated: Bool = false)
    /// The interface that it came in on; with `isPrefix` the start of its name. A packet of the node itself has none.
    case inputInterface(String, isPrefix: Bool, negated: Bool)
    case transport(TransportProtocol)
    /// Needs ``transport(_:)`` before it.
    case destinationPorts(TransportProtocol, ClosedRange<UInt16>)
    /// The address is one of the node's (`addrtype`).
    case sourceIsLocal
    case destinationIsLocal
    /// The first packet of a connection, or one that no answer came to yet (`conntrack`).
    case isNew
    /// The connection's destination was translated.
    case isDNAT
    case mark(Mark, negated: Bool)
    /// By chance, as often as says the number of 2^31 (`statistic`).
    case random(UInt32)
    /// Whether the sender is in a list (`recent`), or that it is put there.
    case recent(RecentUse, list: String)
}

/// What is done with a list of `recent`, in which the kernel keeps senders with the time of their last packet.
package enum RecentUse: Sendable, Hashable {
    /// Puts the sender there, or renews its time; always matches.
    case set
    /// Matches a sender that came within so many seconds.
    case check(seconds: Int)
    /// The same, and renews its time.
    case update(seconds: Int)
}

/// What becomes of a packet that matches.
package enum IPTablesTarget: Sendable, Hashable {
    case accept
    case drop
    /// Back behind the last jump, also from a chain that was gone to.
    case `return`
    /// The sender is told: by a TCP reset, or by ICMP that the port is unreachable.
    case reject(withTCPReset: Bool)
    case dnat(to: Endpoint)
    case masquerade
    case setMark(Mark)
    case clearMark(Mark)
    case jump(IPTablesChainName)
    /// As a jump, but what comes back from there goes to where this chain was jumped to from.
    case goto(IPTablesChainName)
}

extension IPTablesTarget {
    /// The chain that it leads to.
    package var chain: IPTablesChainName? {
        switch self {
        case .jump(let name), .goto(let name): name
        default: nil
        }
    }
}
