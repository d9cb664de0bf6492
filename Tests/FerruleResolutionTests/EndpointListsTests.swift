// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import Testing

struct EndpointListsTests {
    /// An endpoint as a test writes it: `1 ready`, `2 serving terminating @node-a`.
    private func candidate(_ text: String) throws -> EndpointCandidate {
        let words = text.split(separator: " ").map(String.init)
        let number = try #require(UInt32(words[0]))
        let port = try #require(Port(80))
        return EndpointCandidate(
            Target(IPAddress(ipv4: 0x0af4_0100 + number), port), isReady: words.contains("ready"),
            isServing: words.contains("serving") || words.contains("ready"),
            isTerminating: words.contains("terminating"),
            nodeName: words.first { $0.hasPrefix("@") }.map { String($0.dropFirst()) })
    }

    private func numbers(_ targets: [Target]) -> [Int] { targets.map { Int($0.address.bits & 0xff) } }

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
        #expect(lists.existAnywhere == !cluster.isEmpty)
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

    @Test("without a name of the node no endpoint is local")
    func noNode() throws {
        let lists = EndpointLists([try candidate("1 ready @a"), try candidate("2 ready")])
        #expect(numbers(lists.cluster) == [1, 2])
        #expect(lists.local == [])
        #expect(lists.localAddresses == [])
    }
}
