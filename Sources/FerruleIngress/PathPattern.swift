// SPDX-License-Identifier: Apache-2.0

/// Which paths a rule is for. Two that are for the same paths are equal, however they are written.
package struct PathPattern: Sendable {
    package enum Kind: Int, Sendable {
        /// The path alone.
        case exact
        /// All paths whose first elements are those of the path.
        case prefix
    }

    package let kind: Kind
    /// As the rule has it, for people; `/` where it has none.
    package let text: String
    /// What is compared with the path of a request, byte by byte, once the percent encoding of both is undone. Of an exact one
    /// it is the whole path; of a prefix its elements, each behind a slash and the last before one, so that what begins with
    /// them is a path below. It may be no UTF-8.
    package let bytes: [UInt8]

    /// `path` and `pathType` of a rule; `ImplementationSpecific` is as `Prefix`, and an empty path of it is `/`.
    ///
    /// nil where it does not begin with a slash, or holds a zero byte, which no configuration can.
    package init?(_ path: String, type: String?) {
        text = path.isEmpty ? "/" : path
        var bytes = Self.decoded(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), !bytes.contains(0) else { return nil }
        switch type {
        case "Exact": kind = .exact
        case "Prefix", "ImplementationSpecific", nil:
            kind = .prefix
            if bytes.last != UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
        default: return nil
        }
        self.bytes = bytes
    }

    /// A text without percent encoding, as HAProxy's `url_dec` makes it of a request's path; as it is if some of it is none.
    private static func decoded(_ text: String.UTF8View) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
                guard digits.count == 2 else { return Array(text) }
                bytes.append(UInt8(digits[0] * 16 + digits[1]))
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

extension PathPattern: Hashable {
    package static func == (left: PathPattern, right: PathPattern) -> Bool {
        left.kind == right.kind && left.bytes == right.bytes
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(bytes)
    }
}

extension PathPattern: Comparable {
    /// In the order in which they are tried: exact ones first, then the longer ones.
    package static func < (left: PathPattern, right: PathPattern) -> Bool {
        let (here, there) = ((left.kind.rawValue, -left.bytes.count), (right.kind.rawValue, -right.bytes.count))
        return here == there ? left.bytes.lexicographicallyPrecedes(right.bytes) : here < there
    }
}
