// SPDX-License-Identifier: Apache-2.0

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
            } else if let endpoint = Endpoint(word) {
                self = .address(endpoint.address)
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
        guard let key = ObjectKey(words) else { throw .wording("'\(words)' is not of the form NAMESPACE/NAME") }
        self = key
    }
}

/// What stands in the place of the port behind an address, if there is no such port.
func portBeyond(_ text: Substring) -> Substring? {
    guard let colon = text.lastIndex(of: ":"), Endpoint(text[...colon] + "1") != nil else { return nil }
    return text[text.index(after: colon)...]
}
