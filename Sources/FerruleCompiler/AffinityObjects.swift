// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The maps and chains of session affinity in one family: those of each port, and what leads to them.
struct AffinityObjects {
    private(set) var sets: [SetDefinition] = []
    private(set) var chains: [Chain] = []
    /// Where packets enter.
    private(set) var baseChains: [Chain] = []

    /// - Parameter isUsed: whether a shape in use looks up what clients are remembered to use; else there is none of it all.
    init(_ ports: [PortAffinity], isUsed: Bool) {
        guard isUsed else { return }
        sets =
            ports.flatMap(\.dynamicMaps)
            + PortAffinity.maps.map { map in
                SetDefinition(
                    map, key: Keys.serviceType, value: .verdict,
                    elements: ports.flatMap { $0.elements[map] ?? [] }.sorted { $0.key < $1.key })
            }
        chains = ports.flatMap(\.chains) + [PortAffinity.remember]
        baseChains = PortAffinity.baseChains
    }
}
