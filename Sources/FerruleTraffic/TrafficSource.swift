// SPDX-License-Identifier: Apache-2.0
//
// FerruleTraffic: questions about traffic in people's words, and the answers: who asks whom becomes packets, the evaluator of
// the ruleset says what becomes of them, and services, pods and nodes are named again. It knows nothing of how answers are
// printed.

package import FerruleCluster
package import FerruleNetwork

/// Who sends a packet.
package enum TrafficSource: Sendable, Hashable {
    case address(IPAddress)
    case pod(ObjectKey)
    /// A process on the node.
    case node
    /// Somebody who is neither a pod nor the node.
    case outside

    /// Reads `node`, `outside`, `pod NAMESPACE/NAME`, an address, or `ADDRESS:PORT`, whose port no rule asks for.
    package init(_ text: String) throws(TrafficError) {
        let words = text.split(separator: " ")
        switch (words.first, words.count) {
        case ("node", 1): self = .node
        case ("outside", 1): self = .outside
        case ("pod", 2): self = .pod(try ObjectKey(words: words[1]))
        case (let word?, 1):
            if let address = IPAddress(word) {
                self = .address(address)
            } else if let (address, _) = addressAndPort(word) {
                self = .address(address)
            } else if let port = portBeyond(word) {
                throw .noPort(port, "a source", text)
            } else {
                throw TrafficSource.mistake(text)
            }
        default: throw TrafficSource.mistake(text)
        }
    }

    private static func mistake(_ text: String) -> TrafficError {
        .wording(
            "'\(text)' is not a source: pass an address, ADDRESS:PORT, 'pod NAMESPACE/NAME', 'node' or 'outside'")
    }
}

extension TrafficError {
    /// A word stands where a port does in a text that is a source or destination else.
    static func noPort(_ word: Substring, _ kind: String, _ text: String) -> TrafficError {
        .wording("'\(text)' is not \(kind): '\(word)' is not a port, 1 to 65535")
    }
}

extension ObjectKey {
    /// Reads `NAMESPACE/NAME`.
    init(words: Substring) throws(TrafficError) {
        let parts = words.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw .wording("'\(words)' is not of the form NAMESPACE/NAME")
        }
        self.init(String(parts[0]), String(parts[1]))
    }
}

/// What stands in the place of the port behind an address, if there is no such port.
func portBeyond(_ text: Substring) -> Substring? {
    guard let colon = text.lastIndex(of: ":"), addressAndPort(text[...colon] + "1") != nil else { return nil }
    return text[text.index(after: colon)...]
}

/// Reads `10.0.0.1:80` or `[fd00::1]:80`.
func addressAndPort(_ text: Substring) -> (address: IPAddress, port: Port)? {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]).flatMap(Port.init)
    else { return nil }
    var host = text[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = host.dropFirst().dropLast() }
    guard let address = IPAddress(host), (address.family == .ipv6) == isBracketed else { return nil }
    return (address, port)
}
