// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import Testing

struct EndpointListsTests {
    /// An endpoint as a test writes it: `1 ready zone=x node=a`, `2 serving terminating @node-a`.
    private func candidate(_ text: String) throws -> EndpointCandidate {
        let words = text.split(separator: " ").map(String.init)
        let number = try #require(UInt32(words[0]))
        let port = try #require(Port(80))
        var candidate = EndpointCandidate(
            Endpoint(IPAddress(ipv4: 0x0af4_0100 + number), port), isReady: words.contains("ready"),
            isServing: words.contains("serving") || words.contains("ready"),
            isTerminating: words.contains("terminating"),
            nodeName: words.first { $0.hasPrefix("@") }.map { String($0.dropFirst()) })
        candidate.zoneHints = words.filter { $0.hasPrefix("zone=") }.map { String($0.dropFirst(5)) }
        candidate.nodeHints = words.filter { $0.hasPrefix("node=") }.map { String($0.dropFirst(5)) }
        return candidate
    }

    private func numbers(_ targets: [Endpoint]) -> [Int] { targets.map { Int($0.address.bits & 0xff) } }

    @Test(
        "which endpoints get traffic, and which of them on this node",
        arguments: [
            ([], [], []),
            (["1 ready @a", "2 ready @b"], [1, 2], [1]),
            (["2 ready", "1 ready"], [1, 2], []),
            (["1 unready", "2 ready @a"], [2], [2]),
            // While one is ready, none that is going away gets traffic.
            (["1 serving terminating", "2 ready"], [2], []),
            // Where none is ready, those that still serve while they go away do, and no others.
            (["1 serving terminating @a", "2 terminating", "3 serving"], [1], [1]),
            (["1 unready", "2 terminating", "3 serving"], [], []),
            // The two lists fall back independently.
            (["1 serving terminating @a", "2 ready @b"], [2], [1]),
        ] as [([String], [Int], [Int])])
    func decides(endpoints: [String], cluster: [Int], local: [Int]) throws {
        let lists = EndpointLists(try endpoints.map(candidate), nodeName: "a")
        #expect(numbers(lists.cluster) == cluster)
        #expect(numbers(lists.local) == local)
    }

    @Test(
        "several copies of an endpoint are one, whatever their order",
        arguments: [
            (["1 ready", "1 ready"], [1]),
            (["1 ready", "1 serving terminating"], [1]),
            (["1 unready", "1 serving terminating"], []),
            (["1 unready", "1 ready"], [1]),
            (["1 terminating", "1 serving terminating"], [1]),
            (["1 ready @a", "1 ready @b", "1 ready"], [1]),
        ] as [([String], [Int])])
    func mergesCopies(endpoints: [String], expected: [Int]) throws {
        let candidates = try endpoints.map(candidate)
        let lists = EndpointLists(candidates, nodeName: "a")
        #expect(numbers(lists.cluster) == expected)
        #expect(EndpointLists(candidates.reversed(), nodeName: "a") == lists)
    }

    @Test(
        "hints choose among the endpoints of the policy Cluster, on node a in zone x",
        arguments: [
            (["1 ready zone=x", "2 ready zone=y", "3 ready zone=z", "4 ready zone=x"], [1, 4], []),
            (["1 ready zone=y", "2 ready zone=z"], [1, 2], []),
            (["1 ready zone=x", "2 ready", "3 ready zone=y"], [1, 2, 3], []),
            (["1 ready zone=x zone=y", "2 ready zone=y", "3 ready zone=y zone=x zone=z"], [1, 3], []),
            // Endpoints that are not ready are not asked, and their zone is no zone with endpoints.
            (["1 ready zone=x", "2 ready zone=y", "3 unready"], [1], []),
            (["1 unready zone=x", "2 ready zone=y", "3 ready zone=z"], [2, 3], []),
            // Hints for nodes come first, if all have them and one names this node.
            (["1 ready zone=x node=b", "2 ready zone=y node=a"], [2], []),
            (["1 ready zone=x node=b", "2 ready zone=y"], [1], []),
            (["1 ready zone=x node=b", "2 ready zone=y node=c"], [1], []),
            (["1 ready node=a", "2 ready node=b"], [1], []),
            // The policy Local looks at none.
            (["1 ready zone=y @a", "2 ready zone=x @b", "3 ready zone=x @a"], [2, 3], [1, 3]),
            // Nor do endpoints that are going away, where none is ready.
            (["1 serving terminating zone=x", "2 serving terminating zone=y"], [1, 2], []),
        ] as [([String], [Int], [Int])])
    func hints(endpoints: [String], cluster: [Int], local: [Int]) throws {
        let lists = EndpointLists(try endpoints.map(candidate), nodeName: "a", zone: "x")
        #expect(numbers(lists.cluster) == cluster)
        #expect(numbers(lists.local) == local)
        let elsewhere = EndpointLists(try endpoints.map(candidate), nodeName: "z")
        #expect(elsewhere.cluster.count == endpoints.count { !$0.contains("unready") })
    }

    @Test(
        "which endpoints connections may keep",
        arguments: [
            ([], []),
            (["2 ready", "1 ready"], [1, 2]),
            (["1 unready", "2 ready"], [2]),
            (["1 serving terminating", "2 ready"], [1, 2]),
            (["1 terminating", "2 serving"], [2]),
        ] as [([String], [Int])])
    func serving(endpoints: [String], expected: [Int]) throws {
        #expect(numbers(EndpointLists(try endpoints.map(candidate), nodeName: "a").serving) == expected)
    }

    @Test("without a name of the node no endpoint is local")
    func noNode() throws {
        let lists = EndpointLists([try candidate("1 ready @a"), try candidate("2 ready")])
        #expect(numbers(lists.cluster) == [1, 2])
        #expect(lists.local == [])
        #expect(lists.localAddresses == [])
    }
}
