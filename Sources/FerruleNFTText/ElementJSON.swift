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
        case .address(let address):
            write(", ")
            writeQuoted(address)
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
        case .prefix(let prefix): writeJSON(prefix)
        case .hairpin, .service, .port, .serviceSource:
            write("{\"concat\": [")
            writeParts(of: key)
            write("]}")
        }
    }

    /// Writes what stands in the brackets of a concatenation.
    private mutating func writeParts(of key: ElementKey) {
        switch key {
        case .address, .prefix: writeJSON(key)
        case .hairpin(let address):
            writeQuoted(address)
            write(", ")
            writeQuoted(address)
        case .service(let address, let transport, let port):
            writeQuoted(address)
            write(", ")
            writeParts(of: .port(transport, port))
        case .port(let transport, let port):
            write("\"")
            write(transport.name)
            write("\", ")
            write(port)
        case .serviceSource(let address, let transport, let port, let source):
            writeParts(of: .service(address, transport, port))
            write(", ")
            writeJSON(source)
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
