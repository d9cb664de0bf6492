// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// A resource record of a zone, other than its SOA.
package struct DNSRecord: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        /// A or AAAA, by its family.
        case address(IPAddress)
        case canonicalName(String)
        case nameServer(String)
        case pointer(String)
        /// Of priority 0 (RFC 2782).
        case service(weight: UInt16, port: Port, target: String)
        case text(String)
    }

    /// Below the zone; empty for the zone's own name.
    package let name: String
    /// In seconds, where it is another than the zone's.
    package var timeToLive: UInt32?
    /// Names in it are absolute, without the dot at the end.
    package let content: Content

    package init(_ name: String, _ content: Content, timeToLive: UInt32? = nil) {
        (self.name, self.content, self.timeToLive) = (name, content, timeToLive)
    }

    /// `A`, `AAAA`, `CNAME`, `NS`, `PTR`, `SRV` or `TXT`.
    package var type: String {
        switch content {
        case .address(let address): address.family == .ipv4 ? "A" : "AAAA"
        case .canonicalName: "CNAME"
        case .nameServer: "NS"
        case .pointer: "PTR"
        case .service: "SRV"
        case .text: "TXT"
        }
    }

    /// What it says, as a zone file writes it (RFC 1035, 5.1).
    package var value: String {
        switch content {
        case .address(let address): address.description
        case .canonicalName(let name), .nameServer(let name), .pointer(let name): "\(name)."
        case .service(let weight, let port, let target): "0 \(weight) \(port) \(target)."
        case .text(let text): "\"\(text)\""
        }
    }
}
