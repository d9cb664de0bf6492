// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The rules around the services: which packets are looked at, what is refused, what is masqueraded.
enum DispatchChains {
    /// TCP is refused by a reset, which is not subject to the kernel's rate limit on ICMP errors.
    static let refuse = Chain(
        .refuse,
        rules: [Rule(.transportProtocol(.tcp), .reject(withTCPReset: true)), Rule(.reject(withTCPReset: false))])

    /// Refuses other ports of known ClusterIPs and drops unknown ClusterIPs, but leaves addresses alone that are bound to
    /// this node, such as a node-local DNS cache on the ClusterIP of the DNS service.
    static let unserved = Chain(
        .unserved,
        rules: [
            Rule(
                .lookup([.destinationAddress], SetPurpose.clusterIPs.name, negated: false),
                .isLocal(.destination, negated: true), .verdict(.goto(ChainPurpose.refuse.name))),
            Rule(
                .lookup([.destinationAddress], SetPurpose.serviceCIDRs.name, negated: false),
                .isLocal(.destination, negated: true), .verdict(.drop)),
        ])

    /// Marks traffic to ClusterIPs for masquerading.
    ///
    /// - Parameter sources: matches the senders; empty for all of them.
    static func masquerade(_ sources: [Statement], _ mark: Mark) -> Rule {
        Rule(sources + [.lookup([.destinationAddress], SetPurpose.clusterIPs.name, negated: false), .setMark(mark)])
    }

    static func nodePorts(_ addresses: NodePortAddresses) -> Rule {
        let isListed = Statement.lookup([.destinationAddress], SetPurpose.nodePortAddresses.name, negated: false)
        let isOwn = [Statement.isLocal(.destination, negated: false), .isNotLoopback]
        let lookup = Statement.verdictMap(Keys.nodePort, SetPurpose.nodePorts.name)
        return switch addresses {
        case .listed: Rule(isListed, lookup)
        case .all: Rule(isOwn + [lookup])
        case .within: Rule([isListed] + isOwn + [lookup])
        }
    }

    /// Rewrites the source of marked packets, which lose the mark, and of pods that reached themselves.
    static func masqueradeMarked(_ mark: Mark) -> [Rule] {
        [
            Rule(.hasMark(mark), .xorMark(mark), .masquerade),
            Rule(
                .isDNAT, .lookup([.sourceAddress, .destinationAddress], SetPurpose.hairpin.name, negated: false),
                .masquerade),
        ]
    }
}
