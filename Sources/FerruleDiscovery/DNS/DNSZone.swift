// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// The records of a zone, which one server file holds.
package struct DNSZone: Sendable, Equatable {
    /// Without the dot at the end.
    package let name: String
    /// Of its records, and for how long a name's absence is remembered; in seconds.
    package let timeToLive: UInt32
    /// In its SOA. It follows from the records, unless somebody counts them.
    package let serial: UInt32
    /// All but the SOA: those about the zone and its server first. In the cluster's zone services follow, by namespace and name,
    /// and then pods; in a reverse zone addresses, in their order.
    package let records: [DNSRecord]

    /// - Parameter serial: nil for one that follows from the records.
    init(_ name: String, timeToLive: UInt32, serial: UInt32?, _ records: [DNSRecord]) {
        (self.name, self.timeToLive, self.records) = (name, timeToLive, records)
        self.serial = serial ?? DNSZone.digest(name, timeToLive, records)
    }

    /// The name of the zone's keeper, in every SOA, as CoreDNS has it.
    static let keeperName = "hostmaster"

    /// The first name server, the zone's keeper, the serial number, and in seconds: when a copy is looked after, when again if
    /// that fails, when it is given up, and how long absence is remembered. Numbers and names are CoreDNS's.
    package var authority: String {
        "\(ZoneServer.defaultName).\(name). \(Self.keeperName).\(name). \(serial) 7200 1800 86400 \(timeToLive)"
    }

    /// Of the SOA itself, in seconds.
    package var authorityTimeToLive: UInt32 { min(timeToLive, 300) }

    private static func digest(_ name: String, _ timeToLive: UInt32, _ records: [DNSRecord]) -> UInt32 {
        var text: [UInt8] = Array("\(name) \(timeToLive)\n".utf8)
        for record in records { record.append(to: &text) }
        let hash = fnv1a(text.span)
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
