// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// A node where somebody else uses a variant of iptables.
struct IPTablesNode {
    static let manifests = Manifests.objects(
        Manifests.everywhere("web", 10), Manifests.endpoints(of: "web", ["10.244.0.6 node-a", "10.244.1.6 node-b"]),
        Manifests.everywhere("other", 20), Manifests.endpoints(of: "other", ["10.244.0.7 node-a"]))

    let namespace: Namespace
    let variant: IPTablesVariant

    init(_ variant: IPTablesVariant) throws {
        (namespace, self.variant) = (try Namespace("iptables"), variant)
        for family in IPFamily.allCases {
            let input = """
                *filter
                :theirs - [0:0]
                -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
                -A FORWARD -j theirs
                -A theirs -m comment --comment "their \\"own\\" rule" -j RETURN
                COMMIT
                *nat
                -A PREROUTING -p tcp -m tcp --dport 2222 -j REDIRECT --to-ports 22
                -A POSTROUTING -o none -j MASQUERADE
                COMMIT

                """
            let result = try namespace.run([variant.program(family, "restore")], input: input)
            #expect(result.succeeded, "\(result.standardError)")
        }
    }

    /// - Parameter variables: of the environment, `NAME=VALUE`.
    func ferrule(
        _ arguments: String..., manifests: String = IPTablesNode.manifests, variables: [String] = []
    ) throws -> CommandResult {
        try ferrule(arguments, manifests: manifests, variables: variables)
    }

    func ferrule(_ arguments: [String], manifests: String, variables: [String] = []) throws -> CommandResult {
        let input =
            arguments[0] == "apply"
            ? ["-f", "-", "--node-name", "node-a", "--node-ip", "192.0.2.11,2001:db8::11"] : []
        return try namespace.run(["env"] + variables + [Project.program] + arguments + input, input: manifests)
    }

    /// What the JSON of `status` says of it.
    func drift() throws -> (isDrifted: Bool, deviations: [String]) {
        let status = try ferrule("status", "--backend", "iptables", "--format", "json")
        let object = try JSONSerialization.jsonObject(with: Data(status.standardOutput.utf8)) as? [String: Any]
        return (
            try #require(object?["drifted"] as? Bool), try #require(object?["deviations"] as? [String])
        )
    }

    /// All rules, without times and counters.
    func rules() throws -> [String] {
        try IPFamily.allCases.flatMap { family in
            try namespace.run([variant.program(family, "save")]).standardOutput.split(separator: "\n")
                .filter { !$0.hasPrefix("#") }.map { "\(family.rawValue) \($0)" }.sorted()
        }
    }

    func ours() throws -> [String] { try rules().filter { $0.contains("FERRULE-") } }
    func theirs() throws -> [String] { try rules().filter { !$0.contains("FERRULE-") } }
}
