// SPDX-License-Identifier: Apache-2.0

/// Which paths a rule is for.
package struct PathPattern: Sendable, Hashable {
    package enum Kind: Int, Sendable {
        /// The path alone.
        case exact
        /// All paths whose first elements are those of the path.
        case prefix
    }

    package let kind: Kind
    /// As it is once its percent encoding is undone: that is how requests are compared too.
    package let path: String

    /// `path` and `pathType` of a rule; `ImplementationSpecific` is as `Prefix`, and an empty path of it is `/`.
    ///
    /// nil where no request can have such a path: it does not begin with a slash, or holds a zero byte.
    package init?(_ path: String, type: String?) {
        let decoded = path.isEmpty ? "/" : Self.decoded(path)
        guard decoded.hasPrefix("/"), !decoded.utf8.contains(0) else { return nil }
        switch type {
        case "Exact": kind = .exact
        case "Prefix", "ImplementationSpecific", nil: kind = .prefix
        default: return nil
        }
        self.path = decoded
    }

    /// The elements of a prefix, each behind a slash and the last before one, so that what begins with them is a path below.
    package var elements: String { path.hasSuffix("/") ? path : path + "/" }

    /// A text without percent encoding; as it is if some of it is none, or what comes out is no UTF-8.
    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
                guard digits.count == 2 else { return text }
                bytes.append(UInt8(digits[0] * 16 + digits[1]))
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self) ?? text
    }
}

extension PathPattern: Comparable {
    /// In the order in which they are tried: exact ones first, then the longer ones.
    package static func < (left: PathPattern, right: PathPattern) -> Bool {
        (left.kind.rawValue, -left.path.utf8.count, left.path) < (
            right.kind.rawValue, -right.path.utf8.count, right.path
        )
    }
}
