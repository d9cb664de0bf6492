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
            writeJSON(verdict)
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
        case .prefix(let prefix): writeJSON(prefix)
        }
    }

    private mutating func writeJSON(_ prefix: Prefix) {
        write("{\"prefix\": {\"addr\": ")
        writeQuoted(prefix.address)
        write(", \"len\": ")
        write(prefix.length)
        write("}}")
    }

    private mutating func writeJSON(_ verdict: Verdict) {
        switch verdict {
        case .accept: write("{\"accept\": null}")
        case .drop: write("{\"drop\": null}")
        case .goto(let chain): writeLeading("goto", to: chain)
        case .jump(let chain): writeLeading("jump", to: chain)
        }
    }

    private mutating func writeLeading(_ verb: String, to chain: ChainName) {
        write("{\"")
        write(verb)
        write("\": {\"target\": ")
        writeJSONString(chain.description)
        write("}}")
    }

    private mutating func writeQuoted(_ address: IPAddress) {
        write(UInt8(ascii: "\""))
        write(address)
        write(UInt8(ascii: "\""))
    }
}
