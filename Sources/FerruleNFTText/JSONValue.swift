// SPDX-License-Identifier: Apache-2.0

/// A JSON value whose members keep their order, since nft's manual gives them in one that people know.
indirect enum JSONValue {
    typealias Member = (key: String, value: JSONValue)

    case null
    case number(Int)
    case string(String)
    case array([JSONValue])
    case object([Member])
}

extension TextBuffer {
    /// Writes a value on one line.
    ///
    /// - Parameter openEnded: leaves out the last brace of an object, so that more members can follow.
    mutating func write(_ value: JSONValue, openEnded: Bool = false) {
        switch value {
        case .null: write("null")
        case .number(let number): write(String(number))
        case .string(let text): writeJSONString(text)
        case .array(let values):
            write("[")
            for (index, value) in values.enumerated() {
                if index > 0 { write(", ") }
                write(value)
            }
            write("]")
        case .object(let members):
            write("{")
            for (index, member) in members.enumerated() {
                if index > 0 { write(", ") }
                writeJSONString(member.key)
                write(": ")
                write(member.value)
            }
            if !openEnded { write("}") }
        }
    }

    /// Writes a quoted string with the escapes that RFC 8259 demands.
    mutating func writeJSONString(_ text: String) {
        write(UInt8(ascii: "\""))
        if text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for byte in text.utf8 { writeEscaped(byte) }
        } else {
            write(text)
        }
        write(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): write("\\\"")
        case UInt8(ascii: "\\"): write("\\\\")
        case 0..<0x20:
            write(byte < 16 ? "\\u000" : "\\u00")
            write(String(byte, radix: 16))
        default: write(byte)
        }
    }
}
