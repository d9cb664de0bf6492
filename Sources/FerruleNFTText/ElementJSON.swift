// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset

extension TextBuffer {
    /// Writes an element of a set, or of a map as the pair of its key and value. Straight to bytes: a ruleset has
    /// few commands but very many elements.
    mutating func writeJSON(_ element: Element) {
        if element.value != .none { write("[") }
        if let comment = element.comment {
            write("{\"elem\": {\"val\": ")
            writeJSON(element.key)
            write(", \"comment\": ")
            writeJSONString(comment)
            write("}}")
        } else {
            writeJSON(element.key)
        }
        switch element.value {
        case .none: break
        case .verdict(let verdict):
            write(", ")
            write(verdict.json)
            write("]")
        case .data(let data), .expiring(let data, _):
            write(", ")
            writeJSON(data)
            write("]")
        }
    }

    /// Writes the values: several as a concatenation, a single one as it is.
    private mutating func writeJSON(_ concatenation: Concatenation) {
        var rest = concatenation.values
        guard let first = rest.next() else { return }
        guard let second = rest.next() else { return writeJSON(first) }
        write("{\"concat\": [")
        writeJSON(first)
        for value in [second] + Array(rest) {
            write(", ")
            writeJSON(value)
        }
        write("]}")
    }

    private mutating func writeJSON(_ value: Concatenation.Value) {
        switch value {
        case .address(let address): writeQuoted(address)
        case .transportProtocol(let transport):
            write("\"")
            write(transport.name)
            write("\"")
        case .port(let port): write(port)
        case .prefix(let prefix): write(prefix.json)
        }
    }

    private mutating func writeQuoted(_ address: IPAddress) {
        write(UInt8(ascii: "\""))
        write(address)
        write(UInt8(ascii: "\""))
    }
}
