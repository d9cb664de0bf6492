// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import Foundation
import NetworkLab
import Testing

/// `sessionAffinity: ClientIP` while nothing changes.
@Suite("Session affinity", .needsNamespaces)
struct AffinityTests {
    @Test(
        "A client keeps its endpoint over connections and over all addresses of a service port",
        arguments: LabSetting.allCases)
    func sticksEverywhere(setting: LabSetting) throws {
        let affinity = try AffinityLab(setting)
        try affinity.apply(StickyService().manifests)
        var found: [[IPAddress]] = []
        for transport in TransportProtocol.allCases {
            let first = try affinity.servers("10.96.0.10", 80, transport)
            for _ in 0..<2 {
                #expect(try affinity.servers("10.96.0.10", 80, transport) == first)
                #expect(try affinity.servers("203.0.113.110", 80, transport) == first)
                #expect(try affinity.servers("203.0.113.210", 80, transport) == first)
                #expect(try affinity.servers("192.0.2.11", 30110, transport) == first)
            }
            found.append(first)
        }
        // Ports of one service do not share.
        #expect(found[0] != found[1] && found[1] != found[2])
        #expect(Set(found[0]).count > 1)
    }

    @Test("The first address may be any", arguments: LabSetting.allCases)
    func firstAddress(setting: LabSetting) throws {
        for (destination, port) in [("192.0.2.11", UInt16(30110)), ("203.0.113.110", 80)] {
            let affinity = try AffinityLab(setting)
            try affinity.apply(StickyService().manifests)
            let first = try affinity.servers(destination, port)
            #expect(try affinity.servers("10.96.0.10") == first)
            #expect(try affinity.servers("203.0.113.210") == first)
        }
    }

    @Test("Pods and the node keep theirs too", arguments: LabSetting.allCases)
    func sticksForEverybody(setting: LabSetting) throws {
        let affinity = try AffinityLab(setting)
        try affinity.apply(StickyService().manifests)
        let clients = ["10.244.0.6", "10.244.0.7", "10.244.2.5", "node"]
        let first = try affinity.servers(from: clients)
        for _ in 0..<8 { #expect(try affinity.servers(from: clients) == first) }
    }

    @Test("Endpoints on the node's own address", arguments: LabSetting.allCases)
    func hostNetwork(setting: LabSetting) throws {
        let affinity = try AffinityLab(setting)
        let service = StickyService(endpoints: ["192.0.2.11 node-a", "10.244.1.6 node-b"])
        try affinity.apply(service.manifests)
        let first = try affinity.servers()
        #expect(Set(first).count == 2)
        for _ in 0..<4 {
            #expect(try affinity.servers() == first)
            #expect(try affinity.servers("192.0.2.11", 30110) == first)
        }
    }

    @Test("Another program's masquerading comes first", arguments: LabSetting.allCases)
    func foreignMasquerade(setting: LabSetting) throws {
        let affinity = try AffinityLab(setting)
        try affinity.apply(StickyService().manifests)
        try affinity.lab.node.load(
            """
            table \(setting.family == .ipv4 ? "ip" : "ip6") other {
                chain nat { type nat hook postrouting priority 100; masquerade; }
            }
            """)
        let first = try affinity.servers()
        for _ in 0..<4 { #expect(try affinity.servers() == first) }
    }

    /// The thread waits here, since another one may give the test the next turn too late.
    @Test("Each new connection begins the time anew, and it ends")
    func timeout() throws {
        let labs = try IPFamily.allCases.map { try AffinityLab($0) }
        for affinity in labs { try affinity.apply(StickyService(seconds: 3).manifests) }
        let first = try labs.map { try $0.servers() }
        for _ in 0..<2 {
            Thread.sleep(forTimeInterval: 1.8)
            #expect(try labs.map { try $0.servers() } == first)
        }
        Thread.sleep(forTimeInterval: 3.3)
        for (affinity, first) in zip(labs, first) { #expect(try affinity.servers() != first) }
    }

    @Test("Two hundred services do not slow each other down")
    func manyServices() throws {
        let affinity = try AffinityLab(.ipv4)
        let services = (0..<200).map { number in
            Manifests.objects(
                Manifests.service(
                    "web\(number)", "10.96.0.\(number + 20)", "tcp 80/TCP", spec: "sessionAffinity: ClientIP"),
                Manifests.endpoints(of: "web\(number)", StickyService.allEndpoints))
        }
        func time(_ count: Int) throws -> Duration {
            try affinity.apply(services.suffix(count).joined(separator: "---\n"))
            let first = try affinity.servers("10.96.0.219")
            var best = Duration.seconds(60)
            for _ in 0..<8 {
                let start = ContinuousClock.now
                for _ in 0..<10 { #expect(try affinity.servers("10.96.0.219") == first) }
                best = min(best, ContinuousClock.now - start)
            }
            return best
        }
        let (alone, among) = (try time(1), try time(200))
        #expect(among < alone * 2, "160 connections take \(alone) alone and \(among) among 200 services")
    }
}
