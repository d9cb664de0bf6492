// SPDX-License-Identifier: Apache-2.0

import FerruleNode
import FerruleCLI
import FerruleCompiler
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import RandomClusters
import Testing

/// What packets have written, while the ruleset changes.
@Suite("Affinity and updates", .needsNamespaces)
struct MemoryTests {
    private static let table = TableName.ferrule(.ipv4)
    private static let memory = SetName("affinity-test/web/tcp/http")

    private func ruleset(_ endpoints: [String], others: [String] = ["10.244.1.7"]) throws -> Ruleset {
        try TestCluster(
            Manifests.objects(
                Manifests.service("web", "10.96.0.10", "http 80/TCP", spec: "sessionAffinity: ClientIP"),
                Manifests.slice("web", endpoints, "http 8080/TCP"),
                Manifests.service("other", "10.96.0.11", "http 80/TCP"),
                Manifests.slice("other", others, "http 8080/TCP"))
        ).ruleset()
    }

    private func remembered(_ namespace: Namespace) throws -> [Element] {
        let table = try namespace.read().tables.first { $0.name == Self.table }
        return table?.sets.first { $0.name == Self.memory }?.elements ?? []
    }

    /// As packets of clients would, has them remembered for so long.
    private func remember(
        _ clients: Range<UInt32>, at endpoint: String, in namespace: Namespace, milliseconds: (UInt32) -> UInt32
    ) throws {
        let sets = try namespace.read().tables.first { $0.name == Self.table }?.sets ?? []
        guard var set = sets.first(where: { $0.name == Self.memory }) else {
            throw TestMistake(description: "there is no \(Self.memory)")
        }
        set.elements = clients.map { client in
            let lifetime = Lifetime(timeout: 10_800_000, remaining: milliseconds(client))
            return Element(
                .address(IPAddress(ipv4: client)), .expiring(.endpoint(address(endpoint), port(8080)), lifetime))
        }
        try namespace.apply(Transaction([.addElements(Self.table, set)]))
    }

    @Test("Clients of untouched services and of endpoints that stay are remembered on; those of one that went are not")
    func keepsAndPurges() throws {
        let namespace = try Namespace("affinity")
        try namespace.update(to: try ruleset(["10.244.0.6", "10.244.1.6"]))
        try remember(1..<50, at: "10.244.0.6", in: namespace) { _ in 5_000_000 }
        try remember(50..<80, at: "10.244.1.6", in: namespace) { _ in 5_000_000 }
        let before = try remembered(namespace)
        #expect(before.count == 79)

        try namespace.update(to: try ruleset(["10.244.0.6", "10.244.1.6"], others: ["10.244.0.7", "10.244.1.7"]))
        let after = try remembered(namespace)
        #expect(after.map(\.key) == before.map(\.key))
        for (old, new) in zip(before, after) {
            guard case .expiring(let endpoint, let lifetime) = old.value,
                case .expiring(let newEndpoint, let newLifetime) = new.value
            else {
                Issue.record("\(old), \(new)")
                continue
            }
            #expect(endpoint == newEndpoint && newLifetime.remaining <= lifetime.remaining)
        }

        try namespace.update(to: try ruleset(["10.244.0.6", "10.244.0.7"]))
        #expect(try remembered(namespace).map(\.key) == Array(before.map(\.key).prefix(49)))
    }

    @Test("A rebuild that an update needs forgets no client")
    func rebuildKeeps() throws {
        let namespace = try Namespace("rebuilt")
        let ruleset = try ruleset(["10.244.0.6", "10.244.1.6"])
        try namespace.update(to: ruleset)
        try remember(1..<50, at: "10.244.0.6", in: namespace) { _ in 5_000_000 }
        try namespace.load("add table ip ferrule { flags dormant; }")
        #expect(try namespace.update(to: ruleset).drift == ["table ip ferrule: flag dormant"])
        #expect(try remembered(namespace).count == 49)
        #expect(try namespace.holds(ruleset))
    }

    @Test("Elements that expire while they are being removed fail nothing")
    func expiry() throws {
        let namespace = try Namespace("expiry")
        let rulesets = try [["10.244.0.6", "10.244.1.6"], ["10.244.1.6"]].map { try ruleset($0) }
        for _ in 0..<2 {
            try namespace.update(to: rulesets[0])
            try remember(1..<100, at: "10.244.0.6", in: namespace) { $0 * 2 }
            try namespace.update(to: rulesets[1])
            #expect(try remembered(namespace).isEmpty)
        }
    }

    @Test("Elements that expire while the purge removes them fail nothing")
    func expiryWhilePurging() throws {
        let namespace = try Namespace("purge")
        let rulesets = try [["10.244.0.6", "10.244.1.6"], ["10.244.1.6"]].map { try ruleset($0) }
        try namespace.update(to: rulesets[0])
        for _ in 0..<2 {
            try remember(1..<100, at: "10.244.0.6", in: namespace) { $0 * 2 }
            try namespace.perform { () throws(NetlinkError) in try Kernel().purgeDynamicSets(of: rulesets[1]) }
            #expect(try remembered(namespace).isEmpty)
        }
        // A set that somebody has taken away meanwhile is no error either.
        try namespace.load("flush ruleset")
        try namespace.perform { () throws(NetlinkError) in try Kernel().purgeDynamicSets(of: rulesets[1]) }
    }

    @Test("The first service with affinity, and the last, come and go by updates")
    func firstAndLast() throws {
        let namespace = try Namespace("first")
        let plain = try TestCluster(
            Manifests.objects(
                Manifests.service("web", "10.96.0.10", "http 80/TCP"),
                Manifests.slice("web", ["10.244.0.6"], "http 8080/TCP"))
        ).ruleset()
        let sticky = try ruleset(["10.244.0.6"])
        try namespace.update(to: plain)
        for _ in 0..<3 {
            for ruleset in [sticky, plain] {
                try namespace.update(to: ruleset)
                #expect(try namespace.holds(ruleset))
                #expect(try !namespace.update(to: ruleset).isChanged)
            }
        }
    }
}
