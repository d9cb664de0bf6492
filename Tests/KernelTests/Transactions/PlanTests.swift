// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import NetworkLab
import Testing

/// `ferrule plan` against a kernel.
@Suite("plan --against live", .needsNamespaces)
struct PlanTests {
    private func manifest(_ endpoints: String...) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: { name: cart, namespace: shop }
        spec:
          type: NodePort
          clusterIP: 10.96.1.7
          sessionAffinity: ClientIP
          externalTrafficPolicy: Local
          ports: [{ name: grpc, port: 7070, nodePort: 30070 }]
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: { name: cart-1, namespace: shop, labels: { kubernetes.io/service-name: cart } }
        addressType: IPv4
        ports: [{ name: grpc, port: 7070 }]
        endpoints:

        """ + endpoints.map { "- { addresses: [\($0)], nodeName: node-a }\n" }.joined()
    }

    private func ferrule(_ namespace: Namespace, _ command: String, _ manifest: String, _ more: String...) throws
        -> CommandResult
    {
        try namespace.run(
            [
                Project.program, command, "-f", "-", "--node-name", "node-a", "--node-ip", "192.0.2.11",
                "--cluster-cidr", "10.244.0.0/16", "-q",
            ] + more, input: manifest)
    }

    @Test("No changes after an apply; then an endpoint that is another")
    func namesEndpoint() throws {
        let namespace = try Namespace()
        let applied = manifest("10.244.1.12", "10.244.1.13")
        let first = try ferrule(namespace, "plan", applied, "--against", "live", "--exit-code")
        #expect(first.status == 1 && first.standardOutput.contains("Plan: 1 to add, 0 to change, 0 to remove."))
        // Root on a node without tables plans its first apply.
        let unasked = try ferrule(namespace, "plan", applied, "--exit-code")
        #expect(unasked.status == 1 && unasked.standardOutput == first.standardOutput)
        #expect(first.standardOutput.hasPrefix("The kernel has no table of Ferrule: all is new.\n\n"))

        #expect(try ferrule(namespace, "apply", applied).succeeded)
        let same = try ferrule(namespace, "plan", applied, "--exit-code")
        #expect(same.status == 0 && same.standardOutput == "No changes.\n")

        let changed = manifest("10.244.1.12", "10.244.1.14")
        let plan = try ferrule(namespace, "plan", changed, "--exit-code")
        #expect(plan.status == 1)
        let line = "~ shop/cart:grpc endpoints 2 -> 2 (- 10.244.1.13:7070, + 10.244.1.14:7070)"
        #expect(plan.standardOutput.contains(line))
        #expect(plan.standardOutput.contains("Plan: 0 to add, 1 to change, 0 to remove."))
    }

    @Test("No changes after an apply of the shop cluster")
    func shopCluster() throws {
        let namespace = try Namespace()
        let input = ["-f", Project.shopCluster, "--node-name", "node-a", "-q"]
        #expect(try namespace.run([Project.program, "apply"] + input).succeeded)
        let plan = try namespace.run([Project.program, "plan"] + input + ["--against", "live", "--exit-code"])
        #expect(plan.status == 0 && plan.standardOutput == "No changes.\n")
    }

    @Test("What the kernel holds is read as what was compiled: removing all of it is the same plan")
    func readsAsCompiled() throws {
        let namespace = try Namespace()
        let options = ["--node-name", "node-a", "-q"]
        #expect(try namespace.run([Project.program, "apply", "-f", Project.shopCluster] + options).succeeded)
        let nothing = "apiVersion: v1\nkind: Namespace\nmetadata: { name: empty }\n"
        let plans = try ["live", Project.shopCluster].map { other in
            try namespace.run(
                [Project.program, "plan", "-f", "-", "--against", other, "--format", "json"] + options,
                input: nothing
            ).standardOutput
        }
        #expect(plans[0].count > 10_000 && plans[0] == plans[1])
    }

    @Test("Each rule that somebody added to Ferrule's table is named, by its number in the listing")
    func namesDrift() throws {
        let namespace = try Namespace()
        let applied = manifest("10.244.1.12")
        #expect(try ferrule(namespace, "apply", applied).succeeded)
        _ = try namespace.output("nft", "add", "chain", "ip", "ferrule", "mine")
        _ = try namespace.output("nft", "add", "rule", "ip", "ferrule", "mine", "counter")
        for (verb, rule) in [("add", ["counter"]), ("insert", ["ip", "ttl", "1", "drop"]), ("add", ["jump", "mine"])] {
            _ = try namespace.output(["nft", verb, "rule", "ip", "ferrule", "dispatch"] + rule)
        }
        let listing = try namespace.output("nft", "list", "chain", "ip", "ferrule", "dispatch")
        let rules = listing.split(separator: "\n").dropFirst(2).map { $0.drop { $0 == "\t" } }
        let numbers = ["ip ttl 1 drop", "counter packets 0 bytes 0", "jump mine"].map { rule in
            rules.firstIndex { $0 == rule }.map { $0 + 1 } ?? 0
        }
        let plan = try ferrule(namespace, "plan", applied, "--exit-code")
        #expect(plan.status == 1 && numbers.first == 1 && !numbers.contains(0), "\(listing)")
        #expect(
            plan.standardOutput.split(separator: "\n").filter { $0.contains("which somebody else put there") }.map {
                $0.prefix { $0 != "," }
            } == numbers.map { "- rule \($0) in chain ip ferrule dispatch" } + ["- chain ip ferrule mine"])
        #expect(plan.standardOutput.contains("4 objects of others to remove"))
    }

    @Test("plan, apply and status count alike, first, after a change and in a repair")
    func countsAgree() throws {
        let namespace = try Namespace()
        /// What plan says that apply will do, and apply that it did.
        func work(_ manifest: String) throws -> (String, String) {
            let plan = try ferrule(namespace, "plan", manifest, "--against", "live").standardOutput
            let apply = try ferrule(namespace, "apply", manifest).standardOutput
            let kernel = try #require(
                plan.split(separator: "\n").first { $0.contains("ernel: ") || $0.contains("In the kernel") })
            let planned = try #require(kernel.firstMatch(of: /: (.*)\.$/)?.1)
            return (String(planned), String(try #require(apply.firstMatch(of: /: (.*); parse/)?.1)))
        }
        let first = try work(manifest("10.244.1.12", "10.244.1.13"))
        #expect(first.0 == first.1 && first.0.contains(" new chains"))
        let status = try namespace.run([Project.program, "status"]).standardOutput
        let standing = try #require(
            status.firstMatch(of: /ip ferrule: (\d+) chains, (\d+) rules, (\d+) sets, (\d+) elements/))
        let made = try #require(
            first.0.firstMatch(of: /\+(\d+) -0 elements, (\d+) new maps, (\d+) new chains, \+(\d+) -0 rules/))
        #expect(standing.1 == made.3 && standing.2 == made.4 && standing.3 == made.2 && standing.4 == made.1)
        let second = try work(manifest("10.244.1.12", "10.244.1.14", "10.244.1.15"))
        #expect(second.0 == second.1 && second.0.hasPrefix("+"))
        for chain in ["slot-0", "slot-1", "nodeport-local-slot-0"] {
            _ = try namespace.output("nft", "flush", "chain", "ip", "ferrule", chain)
        }
        let repair = try work(manifest("10.244.1.12", "10.244.1.14", "10.244.1.15"))
        #expect("+0 -0 elements, \(repair.0)" == repair.1 && repair.0.hasPrefix("3 chains with other rules, +"))
    }

    @Test("Without CAP_NET_ADMIN: exit 77 where the kernel is asked for, else what to pass")
    func unprivileged() throws {
        let namespace = try Namespace()
        let drop = ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"]
        let plan = drop + [Project.program, "plan", "-f", Project.shopCluster]
        #expect(try namespace.run(plan + ["--against", "live"]).status == 77)
        let without = try namespace.run(plan)
        #expect(without.status == 64 && without.standardError.contains("--against"))
        #expect(without.standardError.contains("\nUsage: ferrule plan "))
    }
}
