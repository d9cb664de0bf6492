// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleNetwork

/// Where a packet goes to.
package enum TrafficDestination: Sendable, Hashable {
    case endpoint(Endpoint, TransportProtocol)
    /// A port, by name or number, with or without `/PROTOCOL`, may be left out where there is one alone.
    case service(ObjectKey, port: String?)
    /// A node port of the node; without a protocol that of the service that has it.
    case nodePort(Port, TransportProtocol?)

    /// Reads `ADDRESS:PORT[/PROTOCOL]`, `service NAMESPACE/NAME[:PORT[/PROTOCOL]]` or `nodeport PORT[/PROTOCOL]`.
    package init(_ text: String) throws(TrafficError) {
        let words = text.split(separator: " ")
        let mistake = TrafficError.wording(
            "'\(text)' is not a destination: pass ADDRESS:PORT[/tcp|udp|sctp] (IPv6 in brackets), "
                + "'service NAMESPACE/NAME[:PORT[/PROTOCOL]]' or 'nodeport PORT[/PROTOCOL]'")
        switch (words.first, words.count) {
        case ("service", 2):
            let parts = words[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            self = .service(try ObjectKey(words: parts[0]), port: parts.count > 1 ? String(parts[1]) : nil)
        case ("nodeport", 2):
            let (number, transport) = try TrafficDestination.protocol(words[1])
            guard let port = Int(number).flatMap(Port.init) else { throw .noPort(number, "a destination", text) }
            self = .nodePort(port, transport)
        case (let word?, 1):
            let (place, transport) = try TrafficDestination.protocol(word)
            guard let endpoint = Endpoint(place) else {
                throw portBeyond(place).map { .noPort($0, "a destination", text) } ?? mistake
            }
            self = .endpoint(endpoint, transport ?? .tcp)
        default: throw mistake
        }
    }

    /// Splits `/tcp` off.
    private static func `protocol`(
        _ text: Substring
    ) throws(TrafficError) -> (rest: Substring, transport: TransportProtocol?) {
        guard let slash = text.lastIndex(of: "/") else { return (text, nil) }
        let name = text[text.index(after: slash)...].lowercased()
        guard let transport = TransportProtocol.allCases.first(where: { $0.name == name }) else {
            throw .wording("'\(name)' is not tcp, udp or sctp")
        }
        return (text[..<slash], transport)
    }
}
