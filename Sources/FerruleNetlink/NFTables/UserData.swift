// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// Bytes that the kernel keeps for programs, as type, length and value, each of type and length one byte.
enum UserData {
    /// A comment of an element (`NFTNL_UDATA_SET_ELEM_COMMENT`), with its final NUL; at most 254 bytes.
    static func appendComment(_ comment: String, to bytes: inout [UInt8]) {
        bytes.append(0)
        bytes.append(UInt8(comment.utf8.count + 1))
        bytes.append(contentsOf: comment.utf8)
        bytes.append(0)
    }

    /// The comment among an element's bytes.
    static func comment(in bytes: Span<UInt8>) -> String? {
        guard bytes.count >= 2, bytes[0] == 0 else { return nil }
        return String(bytes.extracting(2..<bytes.count), until: 0)
    }

    /// Says that a range has no end (`NFTNL_UDATA_SET_ELEM_FLAGS` with `NFTNL_SET_ELEM_F_INTERVAL_OPEN`).
    static let openRange: [UInt8] = [1, 4, 1, 0, 0, 0]

    /// Says that an anonymous map's integer key is in host order (`NFTNL_UDATA_SET_KEYBYTEORDER`); without it every nft
    /// lists key 1 as 16777216. Named sets carry none: hints that one version of nft writes crash another.
    static let hostOrderKey: [UInt8] = [0, 4, 1, 0, 0, 0]

    /// The type of Ferrule's record beside a chain. nft uses the lowest types and skips those it does not know.
    private static let recordType: UInt8 = 0x46

    /// A record; text beyond ``Provenance/limit`` is cut.
    static func record(_ text: String) -> [UInt8] {
        let text = text.utf8.prefix(Provenance.limit)
        return [recordType, UInt8(text.count)] + text
    }

    /// The record among a chain's bytes.
    static func record(in bytes: [UInt8]) -> String? {
        var rest = bytes[...]
        while rest.count >= 2 {
            let type = rest[rest.startIndex]
            let value = rest.dropFirst(2).prefix(Int(rest[rest.startIndex + 1]))
            if type == recordType { return String(decoding: value, as: UTF8.self) }
            rest = rest.dropFirst(2 + value.count)
        }
        return nil
    }
}
