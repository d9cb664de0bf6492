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
        case .target(let address, let port), .remembered(let address, let port, _):
            write(", {\"concat\": [")
            writeQuoted(address)
            write(", ")
            write(port)
            write("]}]")
        }
    }

    private mutating func writeJSON(_ key: ElementKey) {
        switch key {
        case .address(let address): writeQuoted(address)
        case .hairpin(let address):
            write("{\"concat\": [")
            writeQuoted(address)
            write(", ")
            writeQuoted(address)
            write("]}")
        case .service(let address, let transport, let port):
            write("{\"concat\": [")
            writeQuoted(address)
            write(", \"")
            write(transport.name)
            write("\", ")
            write(port)
            write("]}")
        case .port(let transport, let port):
            write("{\"concat\": [\"")
            write(transport.name)
            write("\", ")
            write(port)
            write("]}")
        case .prefix(let prefix): writeJSON(prefix)
        case .serviceSource(let address, let transport, let port, let source):
            write("{\"concat\": [")
            writeQuoted(address)
            write(", \"")
            write(transport.name)
            write("\", ")
            write(port)
            write(", ")
            writeJSON(source)
            write("]}")
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
