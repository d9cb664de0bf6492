// SPDX-License-Identifier: Apache-2.0

/// A transport protocol of a service port. Raw values are the IANA protocol numbers (`IPPROTO_TCP` and so on).
package enum TransportProtocol: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    case tcp = 6
    case udp = 17
    case sctp = 132

    /// Parses the spelling of the Kubernetes field `protocol`: `TCP`, `UDP` or `SCTP`.
    package init?(kubernetesName: String) {
        switch kubernetesName {
        case "TCP": self = .tcp
        case "UDP": self = .udp
        case "SCTP": self = .sctp
        default: return nil
        }
    }

    /// Lower case, as nft writes it.
    package var name: String {
        switch self {
        case .tcp: "tcp"
        case .udp: "udp"
        case .sctp: "sctp"
        }
    }

    package static func < (left: TransportProtocol, right: TransportProtocol) -> Bool { left.rawValue < right.rawValue }
}
