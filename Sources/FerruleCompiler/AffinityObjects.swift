// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The maps and chains of session affinity in one family: those of each port, and what leads to them.
struct AffinityObjects {
    private(set) var sets: [SetDefinition] = []
    private(set) var chains: [Chain] = []
    /// Where packets enter.
    private(set) var baseChains: [Chain] = []

    /// - Parameter isUsed: whether a shape in use looks up what clients are remembered to use; else there is none of it all.
    init(_ parts: [AffinityPart], isUsed: Bool) {
        guard isUsed else { return }
        sets =
            parts.flatMap(\.dynamicMaps)
            + AffinityPart.maps.map { map in
                SetDefinition(
                    map, key: Keys.serviceType, value: .verdict,
                    elements: parts.flatMap { $0.elements[map] ?? [] }.sorted { $0.key < $1.key })
            }
        chains = parts.flatMap(\.chains) + [AffinityPart.remember]
        baseChains = AffinityPart.baseChains
    }
}
