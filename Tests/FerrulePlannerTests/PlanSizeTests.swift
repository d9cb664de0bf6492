// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

/// How little is sent for the usual changes.
@Suite("Sizes of plans")
struct PlanSizeTests {
    /// A service with a ClusterIP in a cluster that has services of all sizes up to 11.
    private func ruleset(_ endpoints: [Int]) throws -> Ruleset {
        var cluster = ResolvedCluster()
        cluster.podTraffic = .ranges([try #require(Prefix("10.244.0.0/16"))])
        for size in 0...11 { cluster.ports.append(try service(size + 1, Array(0..<size))) }
        cluster.ports.append(try service(0, endpoints))
        return cluster.ruleset()
    }

    private func service(_ number: Int, _ endpoints: [Int]) throws -> ResolvedPort {
        var service = ResolvedPort(
            namespace: "test", service: "service-\(number)", name: "http", family: .ipv4, protocol: .tcp,
            port: try #require(Port(80)), clusterIP: IPAddress(ipv4: 0x0a60_0000 + UInt32(number)))
        service.endpoints.cluster = try endpoints.sorted().map {
            Endpoint(IPAddress(ipv4: 0x0af4_0000 + UInt32($0)), try #require(Port(8080)))
        }
        // Every endpoint that only this service has is local.
        service.endpoints.localAddresses = service.endpoints.cluster.map(\.address).filter { $0.ipv4Bits > 0x0af4_0020 }
        return service
    }

    private func plan(_ before: [Int], _ after: [Int]) throws -> Plan {
        Planner.plan(
            from: try ruleset(before), to: try ruleset(after),
            provenance: Provenance(version: "0", appliedAt: 0, summary: Summary()))
    }

    private static let ten = Array(100..<110)

    @Test("An endpoint replaced by another takes four operations at most", arguments: 0..<10, [0, 50, 200])
    func replaced(index: Int, newcomer: Int) throws {
        var after = Self.ten
        after[index] = newcomer
        let plan = try plan(Self.ten, after)
        #expect(plan.structure.isEmpty)
        #expect(plan.elementOperations <= 4)
    }

    /// The sets of endpoints that a plan changes, with the elements that go or come.
    private func changes(_ before: [Int], _ after: [Int]) throws -> [SetDefinition] {
        try plan(before, after).operations.compactMap(\.elements).filter {
            $0.name.description.contains("endpoints-")
        }
    }

    @Test(
        "An endpoint is replaced by one element less and one more, also in a service of several parts",
        arguments: [0, 63, 103, 104, 128, 519], [0, 9_000])
    func replacedAmongMany(index: Int, newcomer: Int) throws {
        // Five parts of 104.
        let before = Array(1000..<1520)
        var after = before
        after[index] = newcomer
        let changed = try changes(before, after)
        let map = "endpoints-\(index % 104)"
        #expect(changed.map(\.name.description) == [map, map])
        #expect(changed.allSatisfy { $0.elements.count == 1 })
        #expect(changed.first?.elements.map(\.key) == changed.last?.elements.map(\.key))
    }

    @Test("The last slot of the last part that becomes smaller fills the hole that an endpoint leaves in another")
    func removedAmongMany() throws {
        let before = Array(1000..<1520)
        let changed = try changes(before, before.filter { $0 != 1003 })
        #expect(changed.map(\.name.description) == ["endpoints-3", "endpoints-103", "endpoints-3"])
        #expect(changed.allSatisfy { $0.elements.count == 1 })
    }

    @Test("Where another part begins, as many endpoints move as it has")
    func anotherPart() throws {
        // Four parts of 128 become three of 103 and two of 102.
        let before = Array(1000..<1512)
        for newcomer in [0, 9_000] {
            let after = (before + [newcomer]).sorted()
            let emptied = try plan(before, after).operations.compactMap(\.emptied).map(\.description)
            #expect(emptied == (103..<128).map { "endpoints-\($0)" })
            let changed = try changes(before, after)
            #expect(changed.first?.name == SetName("endpoints-102") && changed.first?.elements.count == 1)
            #expect(changed.dropFirst().map(\.name.description) == (0..<102).map { "endpoints-\($0)" })
            #expect(changed.allSatisfy { $0.elements.count == 1 })
        }
    }

    @Test("An endpoint that goes takes six operations at most", arguments: 0..<10)
    func removed(index: Int) throws {
        var after = Self.ten
        after.remove(at: index)
        let plan = try plan(Self.ten, after)
        #expect(plan.structure.isEmpty)
        #expect(plan.elementOperations <= 6)
    }

    @Test("An endpoint that comes takes six operations at most", arguments: [0, 50, 200])
    func added(newcomer: Int) throws {
        let plan = try plan(Self.ten, Self.ten + [newcomer])
        #expect(plan.structure.isEmpty)
        #expect(plan.elementOperations <= 6)
    }

    /// Endpoints come and go, and each plan starts from where the last has put them.
    @Test("Slots stay where they are over many changes", arguments: [10, 300])
    func manyChanges(count: Int) throws {
        var kernel = MemoryKernel()
        var endpoints = Array(100..<100 + count)
        let start = try ruleset(endpoints)
        try kernel.apply(.replacing(with: start))
        let names = start.tables.map(\.name)
        for step in 0..<100 {
            if step % 2 == 0 {
                endpoints.remove(at: step * 7 % endpoints.count)
            } else {
                endpoints.append(5_000 - step * 2)
            }
            let plan = Planner.plan(
                from: kernel.read(names), to: try ruleset(endpoints))
            #expect(plan.elementOperations <= 6, "step \(step)")
            for transaction in plan.transactions { try kernel.apply(transaction) }
        }
    }

    @Test("The record stays as it is while nothing else changes")
    func nothingChanged() throws {
        #expect(try plan(Self.ten, Self.ten).isEmpty)
    }
}

extension Operation {
    /// The set that loses all its elements.
    fileprivate var emptied: SetName? { if case .flushSet(_, let set) = self { set } else { nil } }
}
