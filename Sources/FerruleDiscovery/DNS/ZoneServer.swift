// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution

/// The server that the zones name as theirs.
struct ZoneServer {
    /// What CoreDNS calls itself in every zone, and in every SOA.
    static let defaultName = "ns.dns"
    /// The cluster's own DNS, which is called so since kube-dns.
    private static let clusterService = ObjectKey("kube-system", "kube-dns")
    /// What it may be called below the cluster's domain.
    static let names = [defaultName, "\(clusterService.name).\(clusterService.namespace).svc"]

    /// Below the cluster's domain.
    private let name: String
    private let addresses: [IPAddress]

    /// - Parameters:
    ///   - services: all of the cluster.
    ///   - given: the addresses of the server that the zones are for; empty for the cluster's own, where the services hold it,
    ///     else the loopback address.
    init(_ services: [NamedService], given: [IPAddress]) {
        let own = given.isEmpty ? services.first { $0.key == Self.clusterService && !$0.clusterIPs.isEmpty } : nil
        name = own?.domainName ?? Self.defaultName
        addresses = own?.clusterIPs.sortedUnique() ?? (given.isEmpty ? [Self.loopback] : given.sortedUnique())
    }

    private static let loopback = IPAddress(ipv4: 0x7f00_0001)

    /// The records about it in the cluster's zone, which holds the name of its service.
    func records(ofDomain domain: String) -> [DNSRecord] { records(name, domain) }

    /// The records about it in another zone.
    func records(ofZone zone: String) -> [DNSRecord] { records(Self.defaultName, zone) }

    private func records(_ name: String, _ zone: String) -> [DNSRecord] {
        [DNSRecord("", .nameServer("\(name).\(zone)"))]
            + addresses.map { DNSRecord(Self.defaultName, .address($0)) }
    }
}
