// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The purposes of one service port's affinity objects. Slashes keep `a-b/c` and `a/b-c` apart.
struct AffinityNames {
    private let port: String

    init(_ port: ResolvedPort) {
        let name = port.name.isEmpty ? "\(port.port)" : port.name
        self.port = "\(port.namespace)/\(port.service)/\(port.protocol.name)/\(name)"
    }

    func map(_ list: TrafficPolicy) -> SetPurpose { .affinity(isLocal: list == .local, of: port) }
    func recall(_ list: TrafficPolicy) -> ChainPurpose { .recall(isLocal: list == .local, of: port) }
    func remember(_ list: TrafficPolicy) -> ChainPurpose { .remember(isLocal: list == .local, of: port) }
    var rememberBoth: ChainPurpose { .rememberBoth(of: port) }
}
