// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

extension ClusterDNS {
    /// The addresses of services, endpoints and pods as a file like `/etc/hosts` (hosts(5)), in ASCII: behind each the name, and
    /// then what is left of it where a pod leaves out what its search path adds, as `web.shop.svc` and `web.shop`.
    package var hostsFile: [UInt8] {
        guard let zone = zones.first else { return [] }
        var text: [UInt8] = []
        for record in zone.records {
            let isOfService = record.name.hasSuffix(".svc")
            guard case .address(let address) = record.content, isOfService || record.name.hasSuffix(".pod") else {
                continue
            }
            address.appendText(to: &text)
            text += " \(record.name).\(zone.name) \(record.name)".utf8
            if isOfService { text += " \(record.name.dropLast(".svc".count))".utf8 }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }
}
