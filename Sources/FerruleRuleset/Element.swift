// SPDX-License-Identifier: Apache-2.0

/// An element of a set or map: nft's `KEY comment "…" : VALUE`.
package struct Element: Sendable, Hashable {
    package let key: ElementKey
    package let value: ElementValue
    /// At most ``longestComment`` printable ASCII characters, none of them a quotation mark.
    package let comment: String?

    /// nft from 1.0.2 to 1.1.3 refuses to reload a longer comment.
    package static let longestComment = 128

    /// The comment of those of ``SetPurpose/sourceRanges`` that no definition names: addresses that the node's own packets have.
    package static let sourceOfNode = "the node itself"

    /// - Parameter comment: becomes what every nft can list and reload.
    package init(_ key: ElementKey, _ value: ElementValue = .none, comment: String? = nil) {
        (self.key, self.value) = (key, value)
        self.comment = comment.map(Element.plain)
    }

    /// nft knows no escapes: a quotation mark ends the text, a control character may end the line or command a terminal, and
    /// no name has letters beyond ASCII. So the first becomes an apostrophe, a control character a blank, any other byte a
    /// question mark; and what is too long is cut.
    private static func plain(_ text: String) -> String {
        let bytes = text.utf8Span.span
        if bytes.count <= longestComment, bytes.indices.allSatisfy({ isPlain(bytes[$0]) }) { return text }
        let plain = text.utf8.prefix(longestComment).map { byte in
            switch byte {
            case UInt8(ascii: "\""): UInt8(ascii: "'")
            case 0..<0x20, 0x7f: UInt8(ascii: " ")
            case 0x80...: UInt8(ascii: "?")
            default: byte
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20..<0x7f).contains(byte) && byte != UInt8(ascii: "\"")
    }
}

/// What an element of a map leads to; sets have `none`.
package enum ElementValue: Sendable, Hashable {
    case none
    case verdict(Verdict)
    /// Such as an endpoint, `10.244.0.6 . 8080`. The kinds must agree with the value type of the map.
    case data(Concatenation)
    /// Data of an element that goes away by itself. Boxed: it is rare, and would make every element larger.
    indirect case expiring(Concatenation, Lifetime)

    /// The data, whether or not it goes away.
    package var data: Concatenation? {
        switch self {
        case .none, .verdict: nil
        case .data(let data), .expiring(let data, _): data
        }
    }
}

/// How long an element stays that packets have written; both in milliseconds.
package struct Lifetime: Sendable, Hashable {
    /// From its last renewal.
    package var timeout: UInt32
    /// From now; at most the timeout.
    package var remaining: UInt32

    package init(timeout: UInt32, remaining: UInt32) { (self.timeout, self.remaining) = (timeout, remaining) }
}
