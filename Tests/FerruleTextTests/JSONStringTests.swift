// SPDX-License-Identifier: Apache-2.0

import FerruleText
import Testing

/// Texts as JSON has them.
struct JSONStringTests {
    private func json(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.appendJSONString(text.utf8.span)
        return String(decoding: bytes, as: UTF8.self)
    }

    // RFC 8259, section 7: "the quotation mark, reverse solidus, and the control characters (U+0000 through U+001F)".
    @Test("escaped is what has to be, and nothing else", arguments: 0..<128 as Range<UInt8>)
    func escapes(byte: UInt8) {
        let character = String(UnicodeScalar(byte))
        let expected =
            switch byte {
            case ..<0x20: "\\u00" + hexadecimal(UInt32(byte), digits: 2)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\" + character
            default: character
            }
        #expect(json(character) == "\"\(expected)\"")
        #expect(json("ä\(character)b") == "\"ä\(expected)b\"")
    }
}
