// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Why it cannot be the value of a header (RFC 9110, section 5.5), in words that follow its name; nil where it can.
    var headerProblem: String? {
        if utf8.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            return "holds a line break, which no request can carry"
        }
        let hasControl = utf8.contains { ($0 < 0x20 && $0 != UInt8(ascii: "\t")) || $0 == 0x7f }
        return hasControl ? "holds a control character, which no request can carry" : nil
    }
}
