// SPDX-License-Identifier: Apache-2.0

internal import CNetworkLab
package import FerruleNetwork
internal import Glibc

/// What became of a probe.
package enum Outcome: Sendable, Hashable {
    /// A server answered: its own address and port (after any DNAT) and the client's address as it saw it (after any
    /// masquerade).
    case answered(by: IPAddress, port: UInt16, seenSource: IPAddress)
    case refused(Refusal)
    /// Nothing came back in time.
    case dropped

    /// Who answered, if anybody did.
    package var server: IPAddress? {
        if case .answered(let server, _, _) = self { server } else { nil }
    }

    /// The port that it answered at, if anybody did.
    package var port: UInt16? {
        if case .answered(_, let port, _) = self { port } else { nil }
    }

    /// The client's address as the server saw it, if one answered.
    package var seenSource: IPAddress? {
        if case .answered(_, _, let source) = self { source } else { nil }
    }
}

/// How a probe was refused.
package enum Refusal: Sendable, Hashable {
    /// A TCP RST.
    case reset
    /// An SCTP ABORT.
    case abort
    /// ICMP or ICMPv6 errors; `reject` without more sends `portUnreachable`.
    case portUnreachable, protocolUnreachable, hostUnreachable, networkUnreachable, prohibited
    /// Another error, by its errno.
    case error(Int32)

    /// Classifies an entry of a socket's error queue.
    init(_ error: sock_extended_err) {
        switch (Int32(error.ee_origin), error.ee_type, error.ee_code) {
        case (SO_EE_ORIGIN_ICMP, 3, 3), (SO_EE_ORIGIN_ICMP6, 1, 4): self = .portUnreachable
        case (SO_EE_ORIGIN_ICMP, 3, 2), (SO_EE_ORIGIN_ICMP6, 4, 1): self = .protocolUnreachable
        case (SO_EE_ORIGIN_ICMP, 3, 1), (SO_EE_ORIGIN_ICMP6, 1, 3): self = .hostUnreachable
        case (SO_EE_ORIGIN_ICMP, 3, 0), (SO_EE_ORIGIN_ICMP6, 1, 0): self = .networkUnreachable
        case (SO_EE_ORIGIN_ICMP, 3, 9), (SO_EE_ORIGIN_ICMP, 3, 10), (SO_EE_ORIGIN_ICMP, 3, 13),
            (SO_EE_ORIGIN_ICMP6, 1, 1), (SO_EE_ORIGIN_ICMP6, 1, 5):
            self = .prohibited
        default: self = .error(Int32(error.ee_errno))
        }
    }
}

extension Outcome: CustomStringConvertible {
    package var description: String {
        switch self {
        case .answered(let server, let port, let source): "answered by \(SocketAddress(server, port)), saw \(source)"
        case .refused(let refusal): "refused (\(refusal))"
        case .dropped: "dropped"
        }
    }
}
