// SPDX-License-Identifier: Apache-2.0

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
