// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution

/// How many service ports have endpoints but, by a policy Local, none for this node, so that what arrives here is dropped: counted
/// as kube-proxy does (`serviceNoLocalEndpointsTotalInternal` and `…External` in `pkg/proxy/nftables/proxier.go`).
struct LocalGaps: Sendable, Equatable {
    enum Policy: String, CaseIterable {
        case `internal`, external
    }

    private struct Kind: Hashable {
        let policy: Policy
        let family: IPFamily
    }

    private var counts: [Kind: Int] = [:]

    subscript(_ policy: Policy, _ family: IPFamily) -> Int { counts[Kind(policy: policy, family: family)] ?? 0 }

    /// - Parameter step: 1 for a service that comes, -1 for one that goes.
    mutating func count(_ service: ResolvedService?, _ step: Int) {
        for port in service?.ports ?? [] where port.endpoints.local.isEmpty && port.endpoints.existAnywhere {
            if port.internalPolicy == .local {
                counts[Kind(policy: .internal, family: port.family), default: 0] += step
            }
            if port.externalPolicy == .local {
                counts[Kind(policy: .external, family: port.family), default: 0] += step
            }
        }
    }
}
