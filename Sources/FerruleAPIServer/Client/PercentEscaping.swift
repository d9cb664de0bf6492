// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

extension String {
    /// All but letters, digits and some signs as `%XX` (RFC 3986).
    ///
    /// - Parameter isPlain: whether a sign of ASCII stands for itself; for values of queries these are `-`, `_`, `.` and `~`.
    func percentEscaped(_ isPlain: (UInt8) -> Bool) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in utf8 {
            if byte.isAlphanumeric || isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
