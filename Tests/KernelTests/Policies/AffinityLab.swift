// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// Which of two families, and by whose rules services are served.
struct LabSetting: CaseIterable, CustomTestStringConvertible {
    let family: IPFamily
    let backend: String

    static let allCases = ["nftables", "iptables"].flatMap { backend in
        IPFamily.allCases.map { LabSetting(family: $0, backend: backend) }
    }

    var testDescription: String { "\(family.rawValue) by \(backend)" }
}

/// A lab of one family with many clients, whose addresses are written as in IPv4.
struct AffinityLab {
    let lab: Lab
    let family: IPFamily
    /// Whether the tables are made anew each time, instead of being changed.
    let isReplacing: Bool
    private let backend: String
    /// Sixteen clients out of the cluster. With four endpoints all of them are given the same again by chance once in
    /// four billion runs.
    static let clients = (21...36).map { "198.51.100.\($0)" }

    init(_ family: IPFamily, isReplacing: Bool = false) throws {
        try self.init(LabSetting(family: family, backend: "nftables"), isReplacing: isReplacing)
    }

    init(_ setting: LabSetting, isReplacing: Bool = false) throws {
        var topology = Topology.policies
        for client in Self.clients {
            topology.outside += IPFamily.allCases.map { NetworkLab.address(client.translated(to: $0)) }
        }
        (lab, family, backend) = (try Lab(topology), setting.family, setting.backend)
        self.isReplacing = isReplacing
        try lab.serveForPolicies()
    }

    /// Brings the node to these manifests by the built command; the test fails if that does.
    ///
    /// - Returns: how many tracked connections the command has removed.
    @discardableResult
    func apply(_ manifests: String..., arguments: String...) throws -> Int {
        let common = [
            Project.program, "apply", "--backend", backend, "--format", "json", "-f", "-", "--node-name", "node-a",
            "--node-ip",
            "192.0.2.11,2001:db8::11",
            "--cluster-cidr", "10.244.0.0/16,fd00:10:244::/48",
        ]
        let result = try lab.node.run(
            common + (isReplacing ? ["--replace"] : []) + arguments,
            input: manifests.joined(separator: "---\n").translated(to: family))
        #expect(result.succeeded, "\(result.standardError)")
        try keepTracking()
        let summary = try JSONSerialization.jsonObject(with: Data(result.standardOutput.utf8)) as? [String: Any]
        return try #require(summary?["flowsRemoved"] as? Int)
    }

    /// Has the node track what is not answered, and associations that are being made, for as long as a test may take on a busy
    /// machine: by default these are forgotten after 3 seconds, and UDP after 30.
    private func keepTracking() throws {
        for state in ["udp_timeout", "sctp_timeout_cookie_wait", "sctp_timeout_cookie_echoed"] {
            try lab.node.write("net/netfilter/nf_conntrack_\(state)", "600")
        }
    }

    /// Who answers each client's new connection.
    func servers(
        _ destination: String = "10.96.0.10", _ port: UInt16 = 80, _ transport: TransportProtocol = .tcp,
        from clients: [String] = clients
    ) throws -> [IPAddress] {
        let probes = clients.map { client in
            Probe(
                from: client == "node" ? .node : .address(address(client.translated(to: family))),
                to: destination.translated(to: family), port, transport)
        }
        return try zip(probes, lab.probe(probes)).map { try #require($1.server, "\($0): \($1)") }
    }

    func address(_ text: String) -> IPAddress { NetworkLab.address(text.translated(to: family)) }
}

/// The service `web`, whose clients stick to an endpoint.
struct StickyService {
    static let allEndpoints: [SliceEndpoint] = [
        "10.244.0.6 node-a", "10.244.0.7 node-a", "10.244.1.6 node-b", "10.244.1.7 node-b",
    ]

    var endpoints = allEndpoints
    var isSticky = true
    var seconds: Int?
    var externalPolicy = "Cluster"

    var manifests: String {
        let affinity = isSticky ? "ClientIP" : "None"
        let config = seconds.map { ["sessionAffinityConfig: { clientIP: { timeoutSeconds: \($0) } }"] } ?? []
        return Manifests.objects(
            Manifests.everywhere(
                "web", 10,
                spec: ["sessionAffinity: \(affinity)", "externalTrafficPolicy: \(externalPolicy)"] + config),
            Manifests.endpoints(of: "web", endpoints))
    }

    /// Another service, of no concern.
    static let other = Manifests.objects(
        Manifests.everywhere("other", 20), Manifests.endpoints(of: "other", ["10.244.0.6 node-a"]))
}
