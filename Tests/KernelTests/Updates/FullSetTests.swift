// SPDX-License-Identifier: Apache-2.0

import FerruleAgent
import FerruleCluster
import FerruleKubernetes
import FerruleManifests
import FerruleNetlink
import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import Foundation
import NetworkLab
import RandomClusters
import Testing

/// Sets whose elements go only after others have come: for a moment both stand.
@Suite("Full sets", .needsNamespaces)
struct FullSetTests {
    /// - Parameter first: the first of the pods' addresses.
    private static func manifests(from first: UInt32) -> String {
        Manifests.objects(
            Manifests.service("web", "10.96.0.10", "http 80/TCP"),
            Manifests.slice(
                "web", (0..<900).map { "\(IPAddress(ipv4: 0x0af4_0000 + first + UInt32($0))) node-a" }, "http 8080/TCP")
        )
    }

    @Test("All endpoints on this node may be replaced at once")
    func applied() throws {
        let namespace = try Namespace("full")
        for first: UInt32 in [1, 5_001, 1] {
            let ruleset = try TestCluster(Self.manifests(from: first)).ruleset()
            _ = try namespace.update(to: ruleset)
            #expect(try namespace.holds(ruleset))
        }
    }

    @Test("The same where services are followed")
    func followed() throws {
        let namespace = try Namespace("full")
        var options = ResolutionOptions()
        options.nodeName = "node-a"
        var keeper = NodeKeeper(Kernel(), options, .forTests, version: "0")
        for first: UInt32 in [1, 5_001, 1] {
            let manifests = Self.manifests(from: first)
            let read = try ManifestReader { Data(manifests.utf8) }.read(["-"])
            _ = keeper.take(read.objects.changes)
            if !keeper.isComplete { _ = keeper.complete() }
            let outcome = try namespace.perform { () throws(NetlinkError) in try keeper.settle() }
            #expect(!outcome.work.isEmpty && outcome.problems.isEmpty)
        }
    }
}
