// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// Traffic policies, terminating endpoints, hints and all else that decides which endpoints a client is given.
@Suite("Policies", .needsNamespaces)
struct PolicyTests {
    @Test("Packets go where the policies say", arguments: PacketTheme.policies, IPFamily.allCases)
    func flows(theme: PacketTheme, family: IPFamily) throws {
        let mistakes = try theme.mistakes(family, .updating)
        #expect(mistakes == [])
    }

    /// A balancer's address that is bound to the node is the source of the node's packets to it, and means nothing elsewhere.
    @Test("The node is masqueraded under the policy Local", arguments: IPFamily.allCases)
    func node(family: IPFamily) throws {
        let manifests = Manifests.objects(
            Manifests.service(
                "web", "10.96.0.10", "tcp 81/TCP", spec: "externalTrafficPolicy: Local",
                ingress: "{ ip: \"203.0.113.11\" }"),
            Manifests.endpoints(of: "web", ["10.244.1.6 node-b"]))
        try Lab.with(.policies) { lab in
            try lab.serveForPolicies()
            try lab.node.apply(try TestCluster(manifests.translated(to: family)).ruleset())
            let outcome = try lab.probe(Probe(from: .node, to: "203.0.113.11".translated(to: family), 81))
            #expect(outcome.server == address("10.244.1.6".translated(to: family)))
            #expect(outcome.seenSource != address("203.0.113.11".translated(to: family)))
        }
    }
}

extension PacketTheme {
    static let policies: [PacketTheme] = [
        trafficPolicies, termination, topology, sourceRanges, externalKinds, notOurs, detection,
        nodePortRanges,
    ]
}
