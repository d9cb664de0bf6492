// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab

/// Every combination of the two traffic policies with endpoints here, only elsewhere, and nowhere.
private struct PolicyCombination: CaseIterable {
    enum Endpoints: CaseIterable {
        case mixed
        case remote
        case none

        var all: [String] {
            switch self {
            case .mixed: ["10.244.0.6", "10.244.1.6"]
            case .remote: ["10.244.1.6"]
            case .none: []
            }
        }

        var local: [String] { self == .mixed ? ["10.244.0.6"] : [] }
    }

    let isExternalLocal: Bool
    let isInternalLocal: Bool
    let endpoints: Endpoints

    static var allCases: [PolicyCombination] {
        [false, true].flatMap { external in
            [false, true].flatMap { `internal` in
                Endpoints.allCases.map {
                    PolicyCombination(isExternalLocal: external, isInternalLocal: `internal`, endpoints: $0)
                }
            }
        }
    }

    /// The service; `number` makes its addresses its own.
    func manifests(_ number: Int) -> String {
        let name = "service\(number)"
        let nodes = endpoints.all.map { "\($0) \($0.hasPrefix("10.244.0.") ? "node-a" : "node-b")" }
        return Manifests.objects(
            Manifests.service(
                name, "10.96.0.\(number)", "tcp 80/TCP 301\(number)", "udp 80/UDP 301\(number)",
                "sctp 80/SCTP 301\(number)",
                spec: """
                    externalTrafficPolicy: \(isExternalLocal ? "Local" : "Cluster")
                      internalTrafficPolicy: \(isInternalLocal ? "Local" : "Cluster")
                      externalIPs: ["203.0.113.2\(number)"]
                    """,
                ingress: "{ ip: \"203.0.113.1\(number)\" }"),
            Manifests.slice(name, nodes, "tcp 8080/TCP", "udp 8080/UDP", "sctp 8080/SCTP"))
    }

    func flows(_ number: Int) -> String {
        ["10.244.0.7", "10.244.2.5", "node", "192.0.2.12", "198.51.100.1"].flatMap { client in
            let external = ["203.0.113.1\(number) 80", "203.0.113.2\(number) 80", "192.0.2.11 301\(number)"]
            return ["\(client) 10.96.0.\(number) 80/tcp,udp,sctp -> \(clusterIPOutcome(client))"]
                + external.map { "\(client) \($0)/tcp,udp,sctp -> \(externalOutcome(client))" }
        }.joined(separator: "\n") + "\n"
    }

    private func isPod(_ client: String) -> Bool { client.hasPrefix("10.244.") }

    /// Refused without any endpoint, dropped without a local one; the source of pods is kept.
    private func clusterIPOutcome(_ client: String) -> String {
        outcome(isInternalLocal ? endpoints.local : endpoints.all, isKept: isPod(client), client)
    }

    /// Under the policy Local pods and the node itself are given any endpoint.
    private func externalOutcome(_ client: String) -> String {
        if !isExternalLocal { return outcome(endpoints.all, isKept: false, client) }
        let isNear = isPod(client) || client == "node"
        return outcome(isNear ? endpoints.all : endpoints.local, isKept: client != "node", client)
    }

    private func outcome(_ servers: [String], isKept: Bool, _ client: String) -> String {
        if endpoints == .none { return "refused" }
        // What a host next to the endpoint is answered without passing the node is lost.
        if servers.isEmpty { return "dropped" }
        return servers.map { "\($0):8080 \(isKept ? "kept" : "rewritten")" }.joined(separator: ", ")
    }
}

extension PacketTheme {
    /// All combinations stand in one cluster.
    static let trafficPolicies = PacketTheme(
        "External and internal traffic policies", in: .policies, serve: { try $0.serveForPolicies() },
        [
            PacketCase(
                "every combination",
                PolicyCombination.allCases.enumerated().map { $1.manifests($0 + 10) }.joined(separator: "---\n"),
                flows: PolicyCombination.allCases.enumerated().map { $1.flows($0 + 10) }.joined())
        ])
}
