// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import NetworkLab
import Testing

/// An input that would take everything from a node.
@Suite("apply of an input that lacks something", .needsNamespaces)
struct EmptyInputTests {
    private static let service = Manifests.service("web", "10.96.0.10", "http 80/TCP", spec: "selector: { app: web }")
    private static let cluster = Manifests.objects(
        service, Manifests.slice("web", ["10.244.0.6 node-a"], "http 8080/TCP"))
    private static let nothing = "apiVersion: v1\nkind: List\nitems: []\n"
    private static let stranger = Manifests.objects(cluster, Manifests.node("node-b"), Manifests.node("node-c"))

    /// A namespace in which ``cluster`` is applied.
    private func prepared() throws -> Namespace {
        let namespace = try Namespace()
        #expect(try namespace.ferrule("apply", "-f", "-", "--node-name", "node-a", input: Self.cluster).succeeded)
        return namespace
    }

    @Test(
        "is refused with what is missing, and nothing changes, unless --allow-empty says that it is meant",
        arguments: [
            (nothing, "the input holds no Service"),
            (service, "the input holds no EndpointSlice, Endpoints or Pod"),
            (stranger, "the input has no Node node-a, only node-b, node-c"),
        ])
    func refuses(input: String, message: String) throws {
        let namespace = try prepared()
        let before = try namespace.output("nft", "list", "ruleset")
        for more in [[], ["--check"], ["--replace"], ["--confirm", "1"]] {
            let result = try namespace.run(
                [Project.program, "apply", "-f", "-", "--node-name", "node-a"] + more, input: input)
            #expect(result.status == 65 && result.standardOutput == "")
            #expect(result.standardError.contains("error: ") && result.standardError.contains(message))
            #expect(result.standardError.contains("--allow-empty"))
        }
        #expect(try namespace.output("nft", "list", "ruleset") == before)
        let meant = try namespace.ferrule(
            "apply", "-f", "-", "--node-name", "node-a", "--allow-empty", input: input)
        #expect(meant.succeeded, "\(meant.standardError)")
    }

    @Test("the addresses of the node say that its Node object is left out on purpose")
    func nodeAddresses() throws {
        let namespace = try prepared()
        let result = try namespace.ferrule(
            "apply", "-f", "-", "--node-name", "node-a", "--node-ip", "192.0.2.11", input: Self.stranger)
        #expect(result.succeeded, "\(result.standardError)")
        let empty = try namespace.ferrule(
            "apply", "-f", "-", "--node-name", "node-a", "--node-ip", "192.0.2.11", input: Self.nothing)
        #expect(empty.status == 65)
    }

    @Test("what is removed with the tables is counted")
    func countsElements() throws {
        let namespace = try prepared()
        let result = try namespace.ferrule(
            "apply", "-f", "-", "--node-name", "node-a", "--allow-empty", input: Self.nothing)
        // services, cluster-ips, endpoints-0 and hairpin
        #expect(result.standardOutput.hasPrefix("applied 0 services with 0 endpoints: +0 -4 elements, +0 -14 rules, "))
        #expect(try namespace.output("nft", "list", "ruleset") == "")
    }
}
