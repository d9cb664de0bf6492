// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleCompiler
import FerruleNetlink
import FerruleResolution
import FerruleRuleset
import NetworkLab
import RandomClusters
import Testing

/// Histories of a cluster's objects, followed into a kernel by what each change makes different.
@Suite("Following changes in a kernel", .needsNamespaces)
struct FollowedHistoryTests {
    /// The kernel of a namespace.
    private struct FollowedNamespace: FollowedKernel {
        let namespace: Namespace

        func apply(_ transaction: Transaction) throws { try namespace.apply(transaction) }

        func read(_ tables: [TableName]) throws -> Ruleset {
            try namespace.perform { () throws(NetlinkError) in try Kernel().read(tables).ruleset }
        }
    }

    @Test("What is read back is what the final objects come to", arguments: 0..<3 as Range<UInt64>)
    func objects(seed: UInt64) throws {
        var options = ResolutionOptions()
        options.nodeName = "node-0"
        let namespace = try Namespace("history")
        var random = RandomObjects(seed: 700 + seed, services: 8)
        var resolver = ClusterResolver(ClusterStore(), options: options)
        var follower = try Follower(
            resolver.resolveAll().cluster, in: FollowedNamespace(namespace: namespace))
        for step in 0..<120 {
            try follower.follow(random.changes(step % 7 == 0 ? 5 : 1), &resolver)
            guard step % 4 == 0 else { continue }
            let cluster = ClusterResolver.resolve(random.objects(), options: options).cluster
            try check(&follower, namespace, cluster, "seed \(seed), step \(step)")
        }
        #expect(follower.wholePlans < 60)
    }

    @Test("Services of hundreds of endpoints are followed, through their parts", arguments: 0..<2 as Range<UInt64>)
    func largeServices(seed: UInt64) throws {
        let namespace = try Namespace("parts")
        var random = RandomCluster(seed: 300 + seed, services: 3, largeSizes: [127, 128, 129, 255, 256, 257, 300, 520])
        var cluster = random.cluster()
        var follower = try Follower(cluster, in: FollowedNamespace(namespace: namespace))
        for step in 0..<40 {
            let next = random.changed(cluster)
            try follower.follow(from: cluster, to: next)
            cluster = next
            try check(&follower, namespace, cluster, "seed \(seed), step \(step)")
        }
    }

    /// What stands is the fold of the whole, and the digest that was followed is that of what stands.
    private func check(
        _ follower: inout Follower<FollowedNamespace>, _ namespace: Namespace, _ cluster: ResolvedCluster,
        _ place: String
    ) throws {
        let wanted = RulesetCompiler.compile(cluster, .forTests)
        let standing = try namespace.read()
        try #require(standing.normalised(for: wanted) == wanted.normalised(for: wanted), "\(place)")
        try #require(RulesetDigest(of: standing) == RulesetDigest(of: wanted), "\(place)")
        try #require(follower.builder.digest == RulesetDigest(of: wanted), "\(place)")
        try #require(try follower.isSettled(), "\(place)")
    }
}
