// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import NetworkLab
import Testing

/// Traffic policies, terminating endpoints, hints and all else that decides which endpoints a client is given.
@Suite("Policies", .needsNamespaces)
struct PolicyTests {
    @Test("Packets go where the policies say", arguments: PacketTheme.policies, IPFamily.allCases)
    func flows(theme: PacketTheme, family: IPFamily) throws {
        let mistakes = try theme.mistakes(family, updating: true)
        #expect(mistakes == [])
    }
}

extension PacketTheme {
    static let policies: [PacketTheme] = [
        trafficPolicies, termination, topology, sourceRanges, externalKinds, notOurs, detection,
        nodePortRanges,
    ]
}
