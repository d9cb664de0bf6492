// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import FerruleResolution
import RandomClusters
import Testing

/// What holds after any history of a cluster's objects.
@Suite("Resolution over histories")
struct ResolutionHistoryTests {
    private static func options(_ seed: UInt64) -> ResolutionOptions {
        var options = ResolutionOptions()
        options.nodeName = "node-0"
        options.assumePods = seed % 4 == 3
        return options
    }

    /// Follows the changes, resolving only what is said to be stale, and compares with the final objects resolved from nothing.
    @Test("Following changes comes to the same as resolving the final objects", arguments: 0..<8 as Range<UInt64>)
    func sameAsFromNothing(seed: UInt64) throws {
        var random = RandomObjects(seed: seed, isOfFiles: seed % 2 == 1)
        let options = Self.options(seed)
        var resolver = ClusterResolver(ClusterStore(), options: options)
        var known: [ObjectKey: ResolvedService] = [:]
        for step in 0..<100 {
            switch resolver.apply(random.changes(step % 5 + 1)) {
            case .services(let keys): for key in keys { known[key] = resolver.service(key) }
            case .everything:
                known = [:]
                for key in resolver.store.services.sortedKeys { known[key] = resolver.service(key) }
            }
            var followed = ResolvedCluster(resolver.surroundings)
            for key in known.keys.sorted() {
                if let service = known[key] { followed.services.append(service) }
            }
            let whole = ClusterResolver.resolve(random.objects(), options: options)
            try #require(followed == whole.cluster, "seed \(seed), step \(step)")
        }
    }

    @Test("A change of one service's endpoints makes that service stale and no other")
    func oneService() {
        var random = RandomObjects(seed: 7)
        var resolver = ClusterResolver(ClusterStore())
        for _ in 0..<500 {
            let change = random.change()
            let stale = resolver.apply([change])
            guard case .put(.endpointSlice(let slice)) = change else { continue }
            guard case .services(let keys) = stale else {
                Issue.record("\(slice.meta.name) made everything stale")
                continue
            }
            // The service that the slice named before may be another one.
            #expect(keys.count <= 2)
        }
    }
}
