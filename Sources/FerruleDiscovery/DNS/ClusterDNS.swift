// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleKubernetes
package import FerruleNetwork
package import FerruleResolution

/// What the DNS of a cluster answers, as zones: by the Kubernetes DNS specification 1.1
/// (<https://github.com/kubernetes/dns/blob/master/docs/specification.md>), and where it leaves something open or more is
/// answered, as the plugin `kubernetes` of CoreDNS does.
package struct ClusterDNS: Sendable {
    package struct Options: Sendable {
        /// Without the dot at the end.
        package var domain = "cluster.local"
        /// In seconds, as CoreDNS's default.
        package var timeToLive: UInt32 = 5
        /// In every SOA; nil for one that follows from the zone's records.
        package var serial: UInt32?
        /// Of the server that the zones are for; empty for the cluster's own.
        package var serverAddresses: [IPAddress] = []
        /// Where the names of addresses stand.
        package var reverseZones = ReverseZone.all

        package init() {}
    }

    /// The version of the specification.
    static let version = "1.1.0"
    /// Of the record that tells the version.
    private static let versionName = "dns-version"
    /// Of the record that tells the version, in seconds, as the specification shows it.
    static let versionTimeToLive: UInt32 = 28800

    /// What is wrong with a domain, as ``DNSName/problem(_:isOfService:)``: also that it leaves no room for names that its zone
    /// has whatever the cluster holds. nil for nothing.
    ///
    /// - Parameter domain: without the dot at the end.
    package static func problem(ofDomain domain: String) -> String? {
        if let problem = DNSName.problem(domain) { return problem }
        let own = ZoneServer.names + [DNSZone.keeperName, versionName]
        return own.lazy.compactMap { name in
            DNSName.problem("\(name).\(domain)").map { "is too long for the name \(name) below it, which \($0)" }
        }.first
    }

    /// The cluster's domain, and then the reverse zones.
    package let zones: [DNSZone]
    /// What DNS cannot hold, which is left out, and aliases that lead to no address.
    package let diagnostics: [Diagnostic]
    /// How many PTR records there would be of addresses that are in none of the reverse zones.
    package let unlistedPointerCount: Int

    /// - Parameters:
    ///   - services: all of the cluster, in the order of namespace and name.
    ///   - pods: those of the cluster; empty where they are not known.
    package init(_ services: [NamedService], pods: [Pod], _ options: Options) {
        let server = ZoneServer(services, given: options.serverAddresses)
        let version = DNSRecord(Self.versionName, .text(Self.version), timeToLive: Self.versionTimeToLive)
        var records = server.records(ofDomain: options.domain) + [version]
        var (pointers, loops) = (Pointers(), AliasLoops(domain: options.domain))
        var problems = DiagnosticList()
        for service in services {
            let names = ServiceNames(service, domain: options.domain)
            records += names.records
            problems.append(contentsOf: names.diagnostics)
            pointers.add(service, names, domain: options.domain)
            loops.add(service, target: names.alias)
        }
        problems.append(contentsOf: loops.diagnostics)
        let ofPods = PodNames(pods, domain: options.domain)
        records += ofPods.records
        problems.append(contentsOf: ofPods.diagnostics)
        diagnostics = problems.diagnostics
        let (byZone, unlisted) = pointers.records(in: options.reverseZones)
        unlistedPointerCount = unlisted
        zones =
            [DNSZone(options.domain, timeToLive: options.timeToLive, serial: options.serial, records)]
            + zip(options.reverseZones, byZone).map { zone, records in
                DNSZone(
                    zone.name, timeToLive: options.timeToLive, serial: options.serial,
                    server.records(ofZone: zone.name) + records)
            }
    }
}

/// The names of addresses.
private struct Pointers {
    private var ofServices: [IPAddress: [String]] = [:]
    private var ofEndpoints: [IPAddress: [String]] = [:]

    mutating func add(_ service: NamedService, _ names: ServiceNames, domain: String) {
        // Where DNS cannot hold the service's name, it has no records at all.
        if service.kind == .virtual, !names.records.isEmpty {
            for address in service.clusterIPs { ofServices[address] = ["\(service.domainName).\(domain)"] }
        }
        for (address, target) in names.pointers { ofEndpoints[address, default: []].append(target) }
    }

    /// The records of each zone, in the order of the addresses, and how many would be in no zone. An address that is a
    /// service's is nobody else's, as in CoreDNS.
    func records(in zones: [ReverseZone]) -> (byZone: [[DNSRecord]], unlisted: Int) {
        let all = ofEndpoints.merging(ofServices) { $1 }
        // Of zones within each other the narrowest holds the record.
        let order = zones.indices.sorted { zones[$0].range.length > zones[$1].range.length }
        var (byZone, unlisted) = (zones.map { _ in [DNSRecord]() }, 0)
        for (address, targets) in all.sorted(by: { $0.key < $1.key }) {
            guard let place = order.first(where: { zones[$0].range.contains(address) }) else {
                unlisted += Set(targets).count
                continue
            }
            let name = zones[place].name(of: address)
            byZone[place] += Set(targets).sorted().map { DNSRecord(name, .pointer($0)) }
        }
        return (byZone, unlisted)
    }
}
