// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

extension DNSZone {
    /// The zone as a master file (RFC 1035, 5), as every server of zones reads it, in ASCII. Names are below the zone, and in the
    /// values of records absolute.
    package var file: [UInt8] {
        var text = Array(
            """
            ; \(name), made by Ferrule from the definitions of a cluster.
            $ORIGIN \(name).
            $TTL \(timeToLive)
            @\(authorityTimeToLive == timeToLive ? "" : " \(authorityTimeToLive)") IN SOA \(authority)

            """.utf8)
        for record in records { record.append(to: &text) }
        return text
    }
}

extension DNSRecord {
    /// Appends the record as a line of a master file.
    func append(to text: inout [UInt8]) {
        text += name.isEmpty ? [UInt8(ascii: "@")] : Array(name.utf8)
        text.append(UInt8(ascii: " "))
        if let timeToLive {
            appendDecimal(UInt64(timeToLive), to: &text)
            text.append(UInt8(ascii: " "))
        }
        text += "IN \(type) \(value)\n".utf8
    }
}
