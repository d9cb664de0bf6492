// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiscovery
internal import FerruleText

extension [DNSZone] {
    /// The zones for programs, a record a line: there may be hundreds of thousands. `docs/discovery.md` documents it; what is
    /// added to it keeps the version.
    func json(domain: String) -> [UInt8] {
        var text = [UInt8](#"{"version": 1, "domain": "#.utf8)
        text.appendJSONString(domain.utf8.span)
        text += #", "zones": ["#.utf8
        for (position, zone) in enumerated() {
            text += (position == 0 ? "\n" : ",\n").utf8
            text += #"{"name": "#.utf8
            text.appendJSONString(zone.name.utf8.span)
            text += #", "serial": \#(zone.serial), "ttl": \#(zone.timeToLive), "records": ["#.utf8
            append(zone, to: &text)
            text += "\n]}".utf8
        }
        text += "\n]}\n".utf8
        return text
    }

    private func append(_ zone: DNSZone, to text: inout [UInt8]) {
        let authority = (type: "SOA", value: zone.authority, timeToLive: zone.authorityTimeToLive)
        append(zone.name, authority, to: &text)
        for record in zone.records {
            text.append(UInt8(ascii: ","))
            let name = record.name.isEmpty ? zone.name : "\(record.name).\(zone.name)"
            append(name, (record.type, record.value, record.timeToLive ?? zone.timeToLive), to: &text)
        }
    }

    private func append(
        _ name: String, _ record: (type: String, value: String, timeToLive: UInt32), to text: inout [UInt8]
    ) {
        text += "\n{\"name\": ".utf8
        text.appendJSONString("\(name).".utf8.span)
        text += #", "ttl": \#(record.timeToLive), "type": "\#(record.type)", "value": "#.utf8
        text.appendJSONString(record.value.utf8.span)
        text.append(UInt8(ascii: "}"))
    }
}
