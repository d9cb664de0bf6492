// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// An element of a set or map: nft's `KEY comment "…" : VALUE`.
package struct Element: Sendable, Hashable {
    package let key: ElementKey
    package let value: ElementValue
    /// At most ``longestComment`` bytes of text.
    package let comment: String?

    /// nft from 1.0.2 to 1.1.3 refuses to reload a longer comment.
    package static let longestComment = 128

    /// A longer comment is cut, between two characters, to what nft can reload.
    package init(_ key: ElementKey, _ value: ElementValue = .none, comment: String? = nil) {
        (self.key, self.value) = (key, value)
        var comment = comment
        if let text = comment, text.utf8.count > Element.longestComment {
            let limit = text.utf8.index(text.startIndex, offsetBy: Element.longestComment)
            comment = String(text[..<text.index(before: text.index(after: limit))])
        }
        self.comment = comment
    }
}

/// What an element is found by. The case must agree with the key type of its set.
package enum ElementKey: Sendable, Hashable {
    /// `10.96.0.10`
    case address(IPAddress)
    /// `10.244.0.6 . 10.244.0.6`: source and destination are this one address.
    case hairpin(IPAddress)
    /// `10.96.0.10 . tcp . 53`
    case service(IPAddress, TransportProtocol, Port)
    /// `tcp . 30001`
    case port(TransportProtocol, Port)
    /// `10.244.0.0/16`
    case prefix(Prefix)
    /// `203.0.113.10 . tcp . 80 . 198.51.100.0/24`: who may use an address and port. Boxed, since it is rare and the others
    /// are half as large.
    indirect case serviceSource(IPAddress, TransportProtocol, Port, Prefix)
}

/// What an element of a map leads to; sets have `none`.
package enum ElementValue: Sendable, Hashable {
    case none
    case verdict(Verdict)
    /// The address of a part (``PartOwners``), `0.37.200.11`.
    case address(IPAddress)
    /// An endpoint, `10.244.0.6 . 8080`.
    case target(IPAddress, Port)
    /// An endpoint that a packet's sender was given, in an element that goes away by itself. Boxed for the same reason as
    /// ``ElementKey/serviceSource(_:_:_:_:)``.
    indirect case remembered(IPAddress, Port, Lifetime)
}

/// How long an element stays that packets have written; both in milliseconds.
package struct Lifetime: Sendable, Hashable {
    /// From its last renewal.
    package var timeout: UInt32
    /// From now; at most the timeout.
    package var remaining: UInt32

    package init(timeout: UInt32, remaining: UInt32) { (self.timeout, self.remaining) = (timeout, remaining) }
}

extension ElementKey: Comparable {
    /// Keys of one set sort as numbers: by address, then protocol, then port.
    package static func < (left: ElementKey, right: ElementKey) -> Bool {
        switch (left, right) {
        case (.address(let one), .address(let other)), (.hairpin(let one), .hairpin(let other)): one < other
        case (.prefix(let one), .prefix(let other)): one < other
        case (.port(let protocol1, let port1), .port(let protocol2, let port2)):
            (protocol1.rawValue, port1.number) < (protocol2.rawValue, port2.number)
        case (.service(let address1, let protocol1, let port1), .service(let address2, let protocol2, let port2)):
            address1 == address2
                ? (protocol1.rawValue, port1.number) < (protocol2.rawValue, port2.number) : address1 < address2
        case (
            .serviceSource(let address1, let protocol1, let port1, let source1),
            .serviceSource(let address2, let protocol2, let port2, let source2)
        ):
            (address1, protocol1, port1) == (address2, protocol2, port2)
                ? source1 < source2
                : ElementKey.service(address1, protocol1, port1) < .service(address2, protocol2, port2)
        default: left.kind < right.kind
        }
    }

    /// The order of keys of different sets, of no meaning but needed for a total order.
    private var kind: Int {
        switch self {
        case .address: 0
        case .hairpin: 1
        case .service: 2
        case .port: 3
        case .prefix: 4
        case .serviceSource: 5
        }
    }
}
