// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleCompiler
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import FerruleTestSupport
import RandomClusters
import Testing

/// What holds of a ruleset that follows the changes of a cluster, after any history of them.
@Suite("Following a cluster's changes")
struct FollowingTests {
    private static let options: ResolutionOptions = {
        var options = ResolutionOptions()
        options.nodeName = "node-0"
        return options
    }()

    /// The four properties: the followed state is that of the final objects from nothing, for the text, for the kernel and for
    /// the digest, whatever the order of arrival.
    @Test("The kernel holds what the final objects come to", arguments: 0..<6 as Range<UInt64>)
    func sameAsFromNothing(seed: UInt64) throws {
        var random = RandomObjects(seed: seed, services: seed % 3 == 0 ? 3 : 8)
        var resolver = ClusterResolver(ClusterStore(), options: Self.options)
        var follower = try Follower(resolver.resolveAll().cluster, in: MemoryKernel())
        for step in 0..<100 {
            try follower.follow(random.changes(step % 7 == 0 ? 5 : 1), &resolver)
            let cluster = ClusterResolver.resolve(random.objects(), options: Self.options).cluster
            let wanted = RulesetCompiler.compile(cluster, .forTests)
            let place = "seed \(seed), step \(step)"
            try #require(follower.builder.digest == RulesetDigest(of: wanted), "\(place)")
            let names = wanted.tables.map(\.name)
            let reached = follower.kernel.read(names)
            try #require(reached.normalised(for: wanted) == wanted.normalised(for: wanted), "\(place)")
            try #require(RulesetDigest(of: reached) == RulesetDigest(of: wanted), "\(place)")
            try #require(try follower.isSettled(), "\(place)")
        }
        // Only changes of nodes and ranges, and tables that come and go, need a plan of the whole.
        #expect(follower.wholePlans < 60)
    }

    @Test("A change of one service makes one contribution, and no more elements than the service has")
    func oneContribution() throws {
        var random = RandomObjects(seed: 42, services: 40)
        var resolver = ClusterResolver(ClusterStore(), options: Self.options)
        _ = resolver.apply(random.changes(400))
        var builder = RulesetBuilder(resolver.resolveAll().cluster, .forTests)
        var looks = 0
        for _ in 0..<200 {
            let change = random.change()
            guard case .services(let keys) = resolver.apply([change]) else {
                builder = RulesetBuilder(resolver.resolveAll().cluster, .forTests)
                continue
            }
            let made = builder.madeContributions
            var changed = 0
            // All that the services have, before and after.
            var most = 0
            let surroundings = resolver.surroundings
            resolver.forEachService(keys) { key, service in
                let former = builder.service(key)
                if former != service {
                    changed += service == nil ? 0 : 1
                    for one in [former, service].compactMap({ $0 }) { most += size(of: one, in: surroundings) }
                }
                builder.replace(key, with: service)
            }
            #expect(builder.madeContributions - made == changed && changed <= keys.count)
            let elements = builder.takeChanges().reduce(0) { count, change in
                count + change.removed.values.reduce(0) { $0 + $1.count }
                    + change.added.values.reduce(0) { $0 + $1.count }
                    + change.lists.reduce(0) { $0 + $1.before.endpoints.count + $1.after.endpoints.count }
            }
            // Another service may get an address that one has had.
            #expect(elements <= 2 * most)
            looks += elements > 0 ? 1 : 0
        }
        #expect(looks > 50)
    }

    /// How many elements a ruleset has for a service alone.
    private func size(of service: ResolvedService, in surroundings: Surroundings) -> Int {
        var alone = RulesetBuilder(ResolvedCluster(surroundings), .forTests)
        alone.replace(service.key, with: service)
        return alone.ruleset().tables.flatMap(\.sets).reduce(0) { $0 + $1.elements.count }
    }

    @Test("The order in which services arrive does not matter", arguments: 0..<8 as Range<UInt64>)
    func orderOfArrival(seed: UInt64) {
        var random = RandomObjects(seed: 100 + seed, services: 12)
        _ = random.changes(200)
        let cluster = ClusterResolver.resolve(random.objects(), options: Self.options).cluster
        var generator = SeededGenerator(seed: seed)
        let digests = (0..<3).map { _ in
            var builder = RulesetBuilder(ResolvedCluster(cluster.surroundings), .forTests)
            for service in cluster.services.shuffled(using: &generator) { builder.replace(service.key, with: service) }
            _ = builder.takeChanges()
            return builder.digest
        }
        #expect(Set(digests) == [RulesetDigest(of: RulesetCompiler.compile(cluster, .forTests))])
    }

    /// The same along the clusters of the tests of plans, with services of hundreds of endpoints, which are cut into parts.
    @Test("Services of hundreds of endpoints are followed", arguments: 0..<2 as Range<UInt64>)
    func largeServices(seed: UInt64) throws {
        var random = RandomCluster(seed: 300 + seed, services: 3, largeSizes: [127, 128, 129, 255, 256, 257, 300, 520])
        var cluster = random.cluster()
        var follower = try Follower(cluster, in: MemoryKernel())
        for step in 0..<40 {
            let next = random.changed(cluster)
            try follower.follow(from: cluster, to: next)
            cluster = next
            let wanted = RulesetCompiler.compile(cluster, .forTests)
            let reached = follower.kernel.read(wanted.tables.map(\.name))
            try #require(follower.builder.digest == RulesetDigest(of: wanted), "step \(step)")
            try #require(RulesetDigest(of: reached) == RulesetDigest(of: wanted), "step \(step)")
            try #require(try follower.isSettled(), "step \(step)")
        }
    }
}

extension MemoryKernel: FollowedKernel {}
