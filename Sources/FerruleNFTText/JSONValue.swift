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
}
