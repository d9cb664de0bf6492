// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// Appends UTF-8 text in quotation marks and the escapes that RFC 8259 demands.
    package mutating func appendJSONString(_ text: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        if text.indices.contains(where: { text[$0].isEscapedInJSON }) {
            for index in text.indices { appendEscaped(text[index]) }
        } else {
            unsafe text.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        guard byte.isEscapedInJSON else { return append(byte) }
        append(UInt8(ascii: "\\"))
        guard byte < 0x20 else { return append(byte) }
        let digits = Array("0123456789abcdef".utf8)
        self += Array("u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}

extension UInt8 {
    fileprivate var isEscapedInJSON: Bool { self < 0x20 || self == UInt8(ascii: "\"") || self == UInt8(ascii: "\\") }
}
