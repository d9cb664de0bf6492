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
            Target(IPAddress(ipv4: 0x0af4_0000 + UInt32($0)), try #require(Port(8080)))
        }
        service.endpoints.existAnywhere = !endpoints.isEmpty
        // Every endpoint that only this service has is local.
        service.endpoints.localAddresses = service.endpoints.cluster.map(\.address).filter { $0.ipv4Bits > 0x0af4_0020 }
        return service
    }

    private func plan(_ before: [Int], _ after: [Int]) throws -> Plan {
        Planner.plan(
            from: try ruleset(before), to: try ruleset(after),
            provenance: Provenance(version: "0", appliedAt: 0, summary: Summary()),
            isGenerated: ObjectNames.isGenerated)
    }

    private static let ten = Array(100..<110)

    @Test("An endpoint replaced by another takes four operations at most", arguments: 0..<10, [0, 50, 200])
    func replaced(index: Int, newcomer: Int) throws {
        var after = Self.ten
        after[index] = newcomer
        let plan = try plan(Self.ten, after)
        #expect(plan.structure.isEmpty)
        #expect(plan.elementsAdded + plan.elementsRemoved <= 4)
    }

    @Test(
        "An endpoint is replaced by one element less and one more, also where many slots share a map",
        arguments: [0, 63, 64, 111, 112, 519], [0, 9_000])
    func replacedAmongMany(index: Int, newcomer: Int) throws {
        let before = Array(1000..<1520)
        var after = before
        after[index] = newcomer
        let changed = try plan(before, after).operations.compactMap(\.elements).filter {
            $0.name.description.contains("endpoints-")
        }
        let map = "endpoints-\(index < 64 ? index : 64 + (index - 64) / 48 * 48)"
        #expect(changed.map(\.name.description) == [map, map])
        #expect(
            changed.allSatisfy { $0.elements.count == 1 && $0.elements[0].key.slot.map(Int.init) ?? index == index })
    }

    @Test("The last slot of a page fills the hole that an endpoint leaves in a map of its own")
    func removedAmongMany() throws {
        let before = Array(1000..<1520)
        let plan = try plan(before, before.filter { $0 != 1003 })
        let changed = plan.operations.compactMap(\.elements).filter { $0.name.description.contains("endpoints-") }
        #expect(changed.map(\.name.description) == ["endpoints-496", "endpoints-3", "endpoints-3"])
        #expect(changed.allSatisfy { $0.elements.count == 1 })
    }

    @Test("An endpoint that goes takes six operations at most", arguments: 0..<10)
    func removed(index: Int) throws {
        var after = Self.ten
        after.remove(at: index)
        let plan = try plan(Self.ten, after)
        #expect(plan.structure.isEmpty)
        #expect(plan.elementsAdded + plan.elementsRemoved <= 6)
    }

    @Test("An endpoint that comes takes six operations at most", arguments: [0, 50, 200])
    func added(newcomer: Int) throws {
        let plan = try plan(Self.ten, Self.ten + [newcomer])
        #expect(plan.structure.isEmpty)
        #expect(plan.elementsAdded + plan.elementsRemoved <= 6)
    }

    /// Endpoints come and go, and each plan starts from where the last has put them.
    @Test("Slots stay where they are over many changes")
    func manyChanges() throws {
        var kernel = MemoryKernel()
        var endpoints = Self.ten
        let start = try ruleset(endpoints)
        try kernel.apply(.replacing(with: start))
        let names = start.tables.map(\.name)
        for step in 0..<100 {
            if step % 2 == 0 {
                endpoints.remove(at: step * 7 % endpoints.count)
            } else {
                endpoints.append(300 - step * 2)
            }
            let plan = Planner.plan(
                from: kernel.read(names), to: try ruleset(endpoints), isGenerated: ObjectNames.isGenerated)
            #expect(plan.elementsAdded + plan.elementsRemoved <= 6, "step \(step)")
            try kernel.apply(plan.changes)
            try kernel.apply(plan.cleanup)
        }
    }

    @Test("The record stays as it is while nothing else changes")
    func nothingChanged() throws {
        #expect(try plan(Self.ten, Self.ten).isEmpty)
    }
}
