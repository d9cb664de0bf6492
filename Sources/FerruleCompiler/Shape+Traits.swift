// SPDX-License-Identifier: Apache-2.0

internal import FerruleResolution
internal import FerruleRuleset

extension Shape {
    /// Whether traffic of the shape may go to endpoints of a list.
    func uses(_ list: TrafficPolicy) -> Bool {
        switch self {
        case .balance(let scope, _), .sticky(let scope, _): scope.list == list
        case .external: list == .cluster
        case .externalLocal(_, _, _, let local): list == .cluster || local > 0
        case .firewall(let shape): shape.uses(list)
        case .part, .refuse, .refuseUnlessNodePort, .drop: false
        }
    }

    /// Whether the shape leads nowhere because the service has no endpoint anywhere.
    var isRefusal: Bool {
        switch self {
        case .refuse, .refuseUnlessNodePort: true
        case .firewall(let shape): shape.isRefusal
        case .balance, .part, .sticky, .external, .externalLocal, .drop: false
        }
    }

    /// Whether its chain asks where packets come from.
    var isGuarded: Bool { if case .firewall = self { true } else { false } }

    /// Whether its chain looks up what a client is remembered to use.
    var isSticky: Bool { if case .sticky = self { true } else { false } }
}
