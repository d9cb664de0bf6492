// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// The commands with `--backend iptables`, on a node where other programs have rules too.
@Suite("Commands that use iptables", .needsNamespaces)
struct IPTablesCommandTests {
    @Test(
        "apply leaves others' rules alone, sends nothing twice, and delete leaves nothing",
        arguments: IPTablesVariant.allCases)
    func lifecycle(variant: IPTablesVariant) throws {
        let node = try IPTablesNode(variant)
        let before = try node.rules()
        let check = try node.ferrule("apply", "--backend", "iptables", "--check")
        #expect(check.succeeded, "\(check.standardError)")
        #expect(check.standardOutput.hasPrefix("iptables accepts 2 services with 9 endpoints, nothing was changed: "))
        #expect(try node.rules() == before)

        let first = try node.ferrule("apply", "--backend", "iptables")
        #expect(first.succeeded, "\(first.standardError)")
        #expect(first.standardOutput.contains("iptables variant \(variant.rawValue) ("))
        let applied = try node.rules()
        #expect(try node.theirs() == before)
        #expect(applied.count > before.count + 50)
        let second = try node.ferrule("apply", "--backend", "iptables")
        #expect(second.standardOutput.hasPrefix("nothing to change: "), "\(second.standardOutput)")
        #expect(try node.rules() == applied)

        let status = try node.ferrule("status", "--backend", "iptables", "--exit-code")
        #expect(status.succeeded && status.standardOutput.contains("drift      none"), "\(status.standardOutput)")
        let unread = "Ferrule's chains of iptables stand here (\(variant.rawValue)), which this command does not read"
        for command in [["get", "--live"], ["trace", "--live", "--from", "outside", "--to", "192.0.2.11:80"]] {
            #expect(try node.ferrule(command, manifests: "").standardError.contains(unread), "\(command)")
        }
        #expect(try node.ferrule("delete", "--backend", "iptables").succeeded)
        #expect(try node.rules() == before)
        let absent = try node.ferrule("status", "--backend", "iptables", "--exit-code")
        #expect(absent.status == 1)
        #expect(try node.ferrule("delete", "--backend", "iptables").standardOutput == "nothing to delete\n")
    }

    @Test(
        "A change sends the chains that differ, and removes those of services that are gone",
        arguments: IPTablesVariant.allCases)
    func change(variant: IPTablesVariant) throws {
        let node = try IPTablesNode(variant)
        _ = try node.ferrule("apply", "--backend", "iptables")
        let before = Set(try node.ours())
        let moved = IPTablesNode.manifests.replacing("10.244.1.6 node-b", with: "10.244.1.7 node-b").replacing(
            "10.244.1.6", with: "10.244.1.7")
        let change = try node.ferrule("apply", "--backend", "iptables", manifests: moved)
        // One list of endpoints for each protocol.
        #expect(
            change.standardOutput.contains(": 3 chains with other rules, iptables variant"), "\(change.standardOutput)")
        // The new endpoint's rule, and the comment of the first rule with its digest.
        let new = Set(try node.ours()).subtracting(before).filter { !$0.contains("FERRULE-RECORD") }
        #expect(new.count == 3 * 2, "\(new)")
        let fewer = try node.ferrule(
            "apply", "--backend", "iptables",
            manifests: Manifests.objects(
                Manifests.everywhere("web", 10), Manifests.endpoints(of: "web", ["10.244.0.6 node-a"])))
        #expect(fewer.standardOutput.contains("chains removed"), "\(fewer.standardOutput)")
        _ = try node.ferrule("apply", "--backend", "iptables")
        #expect(Set(try node.ours()).symmetricDifference(before).filter { !$0.contains("FERRULE-RECORD") } == [])
    }

    @Test(
        "Ranges that hold every address, and names as long as can be, stand as they were sent",
        arguments: IPTablesVariant.allCases)
    func extremes(variant: IPTablesVariant) throws {
        let node = try IPTablesNode(variant)
        let name = String(repeating: "s", count: 63)
        let ranges = (0..<20).map { "\"abcd:abcd:abcd:abcd:abcd:abcd:a\(100 + $0):abcd/128\"" }.joined(separator: ", ")
        let manifests = """
            apiVersion: v1
            kind: Service
            metadata: { name: \(name), namespace: \(String(repeating: "n", count: 63)) }
            spec:
              type: LoadBalancer
              externalTrafficPolicy: Local
              clusterIP: "fd00:10:96::10"
              clusterIPs: ["fd00:10:96::10", 10.96.0.10]
              ipFamilyPolicy: RequireDualStack
              ports: [{ name: \(String(repeating: "p", count: 63)), port: 80 }]
              loadBalancerSourceRanges: [\(ranges)]
            status: { loadBalancer: { ingress: [{ ip: "2001:db8:1::1" }] } }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: s6
              namespace: \(String(repeating: "n", count: 63))
              labels: { kubernetes.io/service-name: \(name) }
            addressType: IPv6
            endpoints: [{ addresses: ["fd00:10:244::6"], nodeName: node-b }]
            ports: [{ name: \(String(repeating: "p", count: 63)), port: 8080 }]

            """
        let all = ["--cluster-cidr", "0.0.0.0/0,::/0", "--service-cidr", "0.0.0.0/0,::/0"]
        func apply() throws -> CommandResult {
            try node.ferrule(["apply", "--backend", "iptables"] + all, manifests: manifests)
        }
        let first = try apply()
        #expect(first.succeeded, "\(first.standardError)")
        #expect(try apply().standardOutput.hasPrefix("nothing to change: "))
        #expect(try node.drift().deviations == [])
    }

    @Test("What somebody else changes is drift, and put right", arguments: IPTablesVariant.allCases)
    func drift(variant: IPTablesVariant) throws {
        let node = try IPTablesNode(variant)
        _ = try node.ferrule("apply", "--backend", "iptables")
        let applied = try node.rules()
        let names = applied.compactMap { rule in rule.firstMatch(of: /IPv4 -A (FERRULE-EXT-\w+)/).map { String($0.1) } }
        let chain = try #require(names.first)
        let changes = [
            "*nat\n-A \(chain) -j ACCEPT\nCOMMIT\n", "*nat\n-D \(chain) 1\nCOMMIT\n", "*nat\n-D PREROUTING 1\nCOMMIT\n",
            "*nat\n-A OUTPUT -j FERRULE-SERVICES\nCOMMIT\n", "*filter\n-F FERRULE-REFUSE\nCOMMIT\n",
            "*filter\n-I FERRULE-UNSERVED 1 -j ACCEPT\nCOMMIT\n",
        ]
        for change in changes {
            let result = try node.namespace.run(
                [variant.program(.ipv4, "restore"), "--noflush"], input: change)
            #expect(result.succeeded, "\(result.standardError)")
            let status = try node.ferrule("status", "--backend", "iptables", "--exit-code")
            #expect(
                status.status == 1 && status.standardOutput.contains("  ! iptables \(variant.rawValue), "), "\(change)")
            #expect(try node.ferrule("apply", "--backend", "iptables").succeeded)
            let rules = try node.rules()
            let difference = Set(rules).symmetricDifference(applied).filter { !$0.contains("FERRULE-RECORD") }
            #expect(difference == [], "\(change)")
            #expect(rules.count == applied.count, "\(change)")
        }
    }

    @Test("Chains that rules of others lead to stay, empty, and hold nothing up", arguments: IPTablesVariant.allCases)
    func foreignJumps(variant: IPTablesVariant) throws {
        let node = try IPTablesNode(variant)
        _ = try node.ferrule("apply", "--backend", "iptables")
        let external = try #require(
            try node.ours().compactMap { $0.firstMatch(of: /IPv4 -A (FERRULE-EXT-\w+)/).map { String($0.1) } }.first)
        let foreign = "*nat\n:OTHER - [0:0]\n-A OTHER -p tcp -j FERRULE-SERVICES\n-A OTHER -g \(external)\nCOMMIT\n"
        let made = try node.namespace.run([variant.program(.ipv4, "restore"), "--noflush"], input: foreign)
        #expect(made.succeeded, "\(made.standardError)")
        let status = try node.ferrule("status", "--backend", "iptables", "--exit-code")
        #expect(status.succeeded, "\(status)")

        // Nothing from outside, so no chain of that kind is needed.
        let inner = Manifests.objects(
            Manifests.service("web", "10.96.0.10", "tcp 80/TCP"),
            Manifests.endpoints(of: "web", ["10.244.0.6 node-a"]))
        let fewer = try node.ferrule("apply", "--backend", "iptables", manifests: inner)
        #expect(fewer.succeeded, "\(fewer.standardError)")
        #expect(fewer.standardOutput.contains("1 chain emptied"), "\(fewer.standardOutput)")
        let stays = "iptables: nat OTHER jumps to \(external): that chain stays, empty"
        #expect(fewer.standardError.contains(stays), "\(fewer.standardError)")
        let shrunk = try node.ferrule("status", "--backend", "iptables", "--exit-code")
        #expect(shrunk.succeeded, "\(shrunk)")
        let again = try node.ferrule("apply", "--backend", "iptables", manifests: inner)
        #expect(again.standardOutput.hasPrefix("nothing to change: "), "\(again)")
        let record = try node.ferrule("apply", "--backend", "iptables", "--format", "json", manifests: inner)
        let object = try JSONSerialization.jsonObject(with: Data(record.standardOutput.utf8)) as? [String: Any]
        #expect(object?["warnings"] as? [String] == [stays] && object?["changed"] as? Bool == false, "\(record)")

        let whole = try node.ferrule("apply", "--backend", "iptables", "--replace")
        #expect(whole.succeeded && !whole.standardError.contains("somebody else changed"), "\(whole)")
        let delete = try node.ferrule("delete", "--backend", "iptables")
        #expect(delete.succeeded, "\(delete.standardError)")
        #expect(delete.standardError.contains("nat OTHER jumps to FERRULE-SERVICES: that chain stays, empty"))
        let left = [
            "-A OTHER -g \(external)", "-A OTHER -p tcp -j FERRULE-SERVICES", ":\(external) ", ":FERRULE-SERVICES ",
        ]
        let ours = try node.ours()
        #expect(ours.count == 4 && zip(ours, left).allSatisfy { $0.hasPrefix("IPv4 \($1)") }, "\(ours)")
        #expect(try node.ferrule("delete", "--backend", "iptables").standardOutput == "nothing to delete\n")
        // Empty chains translate nothing, so they are no reason to refuse the other backend.
        #expect(try node.ferrule("apply").succeeded)
        let gone = try node.namespace.run(
            [variant.program(.ipv4, "restore"), "--noflush"], input: "*nat\n-F OTHER\n-X OTHER\nCOMMIT\n")
        #expect(gone.succeeded, "\(gone.standardError)")
        #expect(try node.ferrule("delete", "--backend", "iptables").succeeded)
        #expect(try node.ours() == [])
    }

    @Test("apply leaves a record where rules stand without one", arguments: IPTablesVariant.allCases)
    func missingRecord(variant: IPTablesVariant) throws {
        let node = try IPTablesNode(variant)
        _ = try node.ferrule("apply", "--backend", "iptables")
        for family in IPFamily.allCases {
            let result = try node.namespace.run(
                [variant.program(family, "restore"), "--noflush"],
                input: "*nat\n:FERRULE-RECORD - [0:0]\n-X FERRULE-RECORD\nCOMMIT\n")
            #expect(result.succeeded, "\(result.standardError)")
        }
        let before = try node.ferrule("status", "--backend", "iptables", "--exit-code")
        #expect(before.status == 1 && before.standardOutput.contains("`ferrule apply --backend iptables` leaves one"))
        let (isDrifted, deviations) = try node.drift()
        #expect(isDrifted && deviations == ["no record says what was applied"])
        let apply = try node.ferrule("apply", "--backend", "iptables")
        #expect(apply.standardOutput.contains(": the record, which was missing, iptables variant"), "\(apply)")
        #expect(try node.ferrule("status", "--backend", "iptables", "--exit-code").succeeded)
        let again = try node.ferrule("apply", "--backend", "iptables")
        #expect(again.standardOutput.hasPrefix("nothing to change: "), "\(again)")
    }

    @Test("What stands by both variants is put right by --replace, and status says so")
    func bothVariants() throws {
        let node = try IPTablesNode(.nft)
        _ = try node.ferrule("apply", "--backend", "iptables")
        let stray = "*nat\n:FERRULE-SERVICES - [0:0]\nCOMMIT\n"
        #expect(
            try node.namespace.run([IPTablesVariant.legacy.program(.ipv4, "restore"), "--noflush"], input: stray)
                .succeeded)
        let status = try node.ferrule("status", "--backend", "iptables", "--exit-code")
        #expect(status.status == 1)
        #expect(status.standardOutput.contains("`ferrule apply --backend iptables --replace` puts it right"))
        let (isDrifted, deviations) = try node.drift()
        #expect(isDrifted && deviations.first == "chains of Ferrule stand by both variants")
        let replace = try node.ferrule("apply", "--backend", "iptables", "--replace")
        #expect(replace.standardOutput.contains(", Ferrule's chains of iptables (legacy) removed"), "\(replace)")
        #expect(try node.ferrule("status", "--backend", "iptables", "--exit-code").succeeded)
    }

    @Test("Two backends do not stand together unless one replaces the other", arguments: IPTablesVariant.allCases)
    func bothBackends(variant: IPTablesVariant) throws {
        let node = try IPTablesNode(variant)
        let before = try node.theirs()
        #expect(try node.ferrule("apply").succeeded)
        let refused = try node.ferrule("apply", "--backend", "iptables")
        #expect(refused.status == 75)
        #expect(refused.standardError.contains("here, and packets would meet the rules of both; nothing was changed"))
        #expect(try node.ours() == [])
        for (command, does) in [("delete", "removes"), ("status", "shows")] {
            let other = try node.ferrule(command, "--backend", "iptables")
            #expect(other.succeeded && other.standardOutput.hasPrefix("nothing "), "\(other)")
            #expect(
                other.standardError
                    == "Ferrule's nftables table ip ferrule stands here, which `ferrule \(command)` \(does)\n")
        }
        let replaced = try node.ferrule("apply", "--backend", "iptables", "--replace")
        #expect(
            replaced.standardOutput.contains(", nftables table ip ferrule removed"),
            "\(replaced)")
        #expect(try !node.ours().isEmpty)
        #expect(!(try node.namespace.run(["nft", "list", "table", "ip", "ferrule"]).succeeded))
        let back = try node.ferrule("apply")
        #expect(back.status == 75 && back.standardError.contains("chains of iptables stand here"), "\(back)")
        let run = try node.namespace.run(
            ["timeout", "60", Project.program, "run", "-f", Project.shopCluster, "--node-name", "node-a"])
        #expect(
            run.status == 75 && run.standardError.contains("run `ferrule delete --backend iptables` first"), "\(run)")
        for (command, does) in [("delete", "removes"), ("status", "shows")] {
            let other = try node.ferrule(command)
            #expect(other.succeeded && other.standardOutput.hasPrefix("nothing "), "\(other)")
            #expect(
                other.standardError == "Ferrule's chains of iptables stand here (\(variant.rawValue)), "
                    + "which `ferrule \(command) --backend iptables` \(does)\n")
        }
        let forth = try node.ferrule("apply", "--replace")
        #expect(
            forth.standardOutput.contains(", Ferrule's chains of iptables (\(variant.rawValue)) removed"), "\(forth)")
        #expect(try node.ours() == [])
        #expect(try node.theirs() == before)
    }

    @Test("JSON has what --replace removed of the other backend")
    func replacedJSON() throws {
        let node = try IPTablesNode(.nft)
        #expect(try node.ferrule("apply").succeeded)
        func removed(_ backend: String) throws -> [String: [String]]? {
            let run = try node.ferrule("apply", "--backend", backend, "--replace", "--format", "json")
            let object = try JSONSerialization.jsonObject(with: Data(run.standardOutput.utf8)) as? [String: Any]
            #expect(object?["changed"] as? Bool == true, "\(run)")
            return object?["removed"] as? [String: [String]]
        }
        #expect(try removed("iptables") == ["tables": ["ip ferrule"], "variants": []])
        #expect(try removed("nftables") == ["tables": [], "variants": ["nft"]])
        #expect(try removed("nftables") == nil)
    }

    @Test("The kubelet's hint decides before the number of rules does", arguments: IPTablesVariant.allCases)
    func hint(variant: IPTablesVariant) throws {
        let other: IPTablesVariant = variant == .nft ? .legacy : .nft
        let node = try IPTablesNode(other)
        let hint = "*mangle\n:KUBE-IPTABLES-HINT - [0:0]\nCOMMIT\n"
        #expect(try node.namespace.run([variant.program(.ipv4, "restore"), "--noflush"], input: hint).succeeded)
        let result = try node.ferrule("apply", "--backend", "iptables")
        #expect(
            result.standardOutput.contains("iptables variant \(variant.rawValue) (the kubelet uses it)"), "\(result)")
    }
}
