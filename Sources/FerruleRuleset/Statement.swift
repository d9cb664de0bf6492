// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Something a rule can read from a packet or its connection, as part of a lookup key.
package enum Field: Sendable, Hashable {
    /// `ip saddr` or `ip6 saddr`
    case sourceAddress
    /// `ip daddr` or `ip6 daddr`
    case destinationAddress
    /// `meta l4proto`
    case transportProtocol
    /// `th dport`
    case destinationPort
    /// `tcp dport`: the same behind a match of the protocol
    case portOf(TransportProtocol)
    /// `ct original ip daddr`: where the connection went before translation
    case originalDestinationAddress
    /// `ct original proto-dst`
    case originalDestinationPort
}

/// One match or action of a rule. Each case shows the nft text it stands for; `KEY` are fields joined by dots.
package enum Statement: Sendable, Hashable {
    /// `KEY @set`, or with `negated` `KEY != @set`
    case lookup([Field], SetName, negated: Bool)
    /// `KEY vmap @map`
    case verdictMap([Field], SetName)
    /// `numgen random mod N vmap { 0 : …, 1 : … }`: each verdict equally likely
    case numgen([Verdict])
    /// `meta l4proto tcp`
    case transportProtocol(TransportProtocol)
    /// `tcp dport != 0`: a match of the protocol that nft does not drop from listings
    case hasPort(TransportProtocol)
    /// `iifname "cbr0"`, or of a prefix `iifname "veth*"`; negated `iifname != "cbr0"`
    case inputInterface(String, isPrefix: Bool, negated: Bool)
    /// `fib saddr type local`, `fib daddr type local`; negated `fib daddr type != local`
    case isLocal(Direction, negated: Bool)
    /// `ip daddr != 127.0.0.0/8`, `ip6 daddr != ::1`
    case isNotLoopback
    /// `ct status dnat`: the connection's destination has been translated
    case isDNAT
    /// `meta mark & BIT != 0`
    case hasMark(Mark)
    /// `meta mark set meta mark | BIT`
    case setMark(Mark)
    /// `meta mark set meta mark ^ BIT`
    case xorMark(Mark)
    /// `ip daddr set KEY map @map`: gives the packet another destination, which a lookup behind finds it by
    case setDestination([Field], SetName)
    /// `dnat ip to KEY map @map`
    case dnat([Field], SetName)
    /// `update @map { KEY timeout 3h : DATA }`: writes an element that goes away by itself after so many seconds
    case update(SetName, key: [Field], timeout: Int, data: [Field])
    /// `masquerade fully-random`
    case masquerade
    /// `reject with tcp reset`, which needs a match of TCP before it; else `reject` (ICMP port unreachable)
    case reject(withTCPReset: Bool)
    /// `drop`, `goto CHAIN`, …
    case verdict(Verdict)

    package enum Direction: Sendable, Hashable {
        case source
        case destination
    }
}

/// One bit of the packet mark.
package struct Mark: Sendable, Hashable {
    /// A number with one bit set.
    package let value: UInt32

    /// `nil` unless the bit is within 0...31.
    package init?(bit: Int) {
        guard (0...31).contains(bit) else { return nil }
        value = 1 << UInt32(bit)
    }
}

extension Statement {
    /// Whether it sets the mark of packets whose source is to be masqueraded.
    package var isSetMark: Bool { if case .setMark = self { true } else { false } }
}
