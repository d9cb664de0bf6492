// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// `sessionAffinity: ClientIP` while definitions change.
@Suite("Session affinity over changes", .needsNamespaces)
struct AffinityUpdateTests {
    @Test(
        "Removing an endpoint moves its clients alone, adding one moves nobody", arguments: LabSetting.allCases,
        [false, true])
    func endpointsComeAndGo(setting: LabSetting, replacing: Bool) throws {
        let affinity = try AffinityLab(setting, isReplacing: replacing)
        try affinity.apply(StickyService().manifests)
        let first = try affinity.servers()
        let gone = try #require(first.first)
        var service = StickyService()
        service.endpoints.removeAll { affinity.address($0.address) == gone }
        try affinity.apply(service.manifests)
        let second = try affinity.servers()
        for (before, after) in zip(first, second) { #expect(before == gone ? after != gone : after == before) }
        try affinity.apply(StickyService().manifests)
        #expect(try affinity.servers() == second)
        #expect(try affinity.servers("192.0.2.11", 30110) == second)
    }

    @Test("An endpoint that is not ready any more loses its clients", arguments: LabSetting.allCases, [false, true])
    func endpointsBecomeUnready(setting: LabSetting, replacing: Bool) throws {
        let affinity = try AffinityLab(setting, isReplacing: replacing)
        try affinity.apply(StickyService().manifests)
        _ = try affinity.servers()
        var service = StickyService()
        service.endpoints[0] = service.endpoints[0].conditions("ready: false, serving: true, terminating: true")
        try affinity.apply(service.manifests)
        #expect(try !affinity.servers().contains(affinity.address("10.244.0.6")))
    }

    @Test("It is switched off and on", arguments: LabSetting.allCases, [false, true])
    func switching(setting: LabSetting, replacing: Bool) throws {
        let affinity = try AffinityLab(setting, isReplacing: replacing)
        try affinity.apply(StickyService().manifests)
        let first = try affinity.servers()
        try affinity.apply(StickyService(isSticky: false).manifests)
        #expect(try affinity.servers() != first)
        try affinity.apply(StickyService().manifests)
        let second = try affinity.servers()
        #expect(second != first, "what was remembered before is forgotten")
        #expect(try affinity.servers() == second)
    }

    @Test(
        "An apply that does not concern it changes nothing, not even the time that is left",
        arguments: LabSetting.allCases, [false, true])
    func otherServices(setting: LabSetting, replacing: Bool) async throws {
        let affinity = try AffinityLab(setting, isReplacing: replacing)
        let service = StickyService(seconds: 2)
        try affinity.apply(service.manifests)
        let first = try affinity.servers()
        try affinity.apply(service.manifests, StickyService.other)
        #expect(try affinity.servers() == first)
        try await Task.sleep(for: .milliseconds(1200))
        try affinity.apply(service.manifests)
        try await Task.sleep(for: .milliseconds(1200))
        #expect(try affinity.servers() != first)
    }

    @Test("A new timeout holds for clients that are known", arguments: LabSetting.allCases, [false, true])
    func newTimeout(setting: LabSetting, replacing: Bool) async throws {
        let affinity = try AffinityLab(setting, isReplacing: replacing)
        try affinity.apply(StickyService().manifests)
        let first = try affinity.servers()
        try affinity.apply(StickyService(seconds: 1).manifests)
        #expect(try affinity.servers() == first)
        try await Task.sleep(for: .milliseconds(1400))
        #expect(try affinity.servers() != first)
    }

    @Test("Traffic that may not leave the node has a memory of its own", arguments: LabSetting.allCases)
    func localMemory(setting: LabSetting) throws {
        let affinity = try AffinityLab(setting)
        try affinity.apply(StickyService(externalPolicy: "Local").manifests)
        let local = Set([affinity.address("10.244.0.6"), affinity.address("10.244.0.7")])
        let inside = try affinity.servers("10.96.0.10")
        #expect(!Set(inside).isSubset(of: local))
        let outside = try affinity.servers("203.0.113.110")
        #expect(Set(outside) == local)
        // Who was given an endpoint here keeps it everywhere; who was given another one keeps that inside.
        for (inside, outside) in zip(inside, outside) where local.contains(inside) { #expect(inside == outside) }
        for _ in 0..<2 {
            #expect(try affinity.servers("203.0.113.210") == outside)
            #expect(try affinity.servers("192.0.2.11", 30110) == outside)
            #expect(try affinity.servers("10.96.0.10") == inside)
        }
    }

    @Test("Another policy keeps who may stay", arguments: LabSetting.allCases, [false, true])
    func newPolicy(setting: LabSetting, replacing: Bool) throws {
        let affinity = try AffinityLab(setting, isReplacing: replacing)
        let local = Set([affinity.address("10.244.0.6"), affinity.address("10.244.0.7")])
        try affinity.apply(StickyService().manifests)
        let before = try affinity.servers("203.0.113.110")
        try affinity.apply(StickyService(externalPolicy: "Local").manifests)
        #expect(try affinity.servers("10.96.0.10") == before)
        let outside = try affinity.servers("203.0.113.110")
        #expect(Set(outside) == local)
        #expect(try affinity.servers("203.0.113.110") == outside)
        try affinity.apply(StickyService().manifests)
        #expect(try affinity.servers("203.0.113.110") == before)
        #expect(try affinity.servers("10.96.0.10") == before)
    }

    @Test("Who comes from outside first has the same endpoint inside", arguments: LabSetting.allCases)
    func localFirst(setting: LabSetting) throws {
        let affinity = try AffinityLab(setting)
        try affinity.apply(StickyService(externalPolicy: "Local").manifests)
        let outside = try affinity.servers("192.0.2.11", 30110)
        #expect(Set(outside) == [affinity.address("10.244.0.6"), affinity.address("10.244.0.7")])
        for _ in 0..<2 {
            #expect(try affinity.servers("10.96.0.10") == outside)
            #expect(try affinity.servers("203.0.113.110") == outside)
        }
    }

    @Test(
        "Pods and the node share one memory over inside and outside addresses", arguments: LabSetting.allCases,
        ["ClusterCIDR", "InterfaceNamePrefix:pod"])
    func shortCircuit(setting: LabSetting, mode: String) throws {
        let affinity = try AffinityLab(setting)
        let clients = (mode == "ClusterCIDR" ? ["10.244.2.5"] : []) + ["10.244.0.6", "10.244.0.7", "node"]
        for _ in 0..<4 {
            // Without affinity in between nobody is remembered.
            try affinity.apply(StickyService(isSticky: false).manifests)
            try affinity.apply(
                StickyService(externalPolicy: "Local").manifests, arguments: "--detect-local-mode", mode)
            let first = try affinity.servers("203.0.113.110", from: clients)
            for _ in 0..<3 {
                #expect(try affinity.servers("203.0.113.110", from: clients) == first)
                #expect(try affinity.servers("10.96.0.10", from: clients) == first)
                #expect(try affinity.servers("192.0.2.11", 30110, from: clients) == first)
            }
        }
    }
}
