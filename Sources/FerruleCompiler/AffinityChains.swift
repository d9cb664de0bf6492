// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The chains that read and write the affinity maps of one service port.
struct AffinityChains {
    let transport: TransportProtocol
    /// How long a client is remembered after its last new connection.
    let seconds: Int
    let names: AffinityNames

    /// Translates to the endpoint that the client has; without one the packet comes back.
    func recallChain(_ list: TrafficPolicy) -> Chain {
        Chain(
            names.recall(list),
            rules: [Rule(.transportProtocol(transport), .dnat([.sourceAddress], names.map(list).name))])
    }

    /// - Parameter alsoLocal: a local endpoint goes into the map of the policy Local too.
    func rememberCluster(alsoLocal: Bool) -> Chain {
        let local = Rule(
            [.lookup([.destinationAddress, .destinationAddress], SetPurpose.hairpin.name, negated: false)]
                + write(names.map(.local).name))
        return Chain(
            names.remember(.cluster), rules: [Rule(write(names.map(.cluster).name))] + (alsoLocal ? [local] : []))
    }

    /// - Parameter alsoCluster: the endpoint goes into the map of the policy Cluster too.
    func rememberLocal(alsoCluster: Bool) -> Chain {
        Chain(
            names.remember(.local),
            rules: [Rule(write(names.map(.local).name))]
                + (alsoCluster ? [Rule(write(names.map(.cluster).name))] : []))
    }

    /// Under the external policy Local, pods and the node were given an endpoint of the cluster, others a local one.
    func rememberBoth(_ pods: PodTraffic) -> Chain {
        Chain(
            names.rememberBoth,
            rules: pods.fromPods.map { Rule([$0, .verdict(.goto(names.remember(.cluster).name))]) } + [
                Rule(.isLocal(.source, negated: false), .verdict(.goto(names.remember(.cluster).name))),
                Rule(.verdict(.goto(names.remember(.local).name))),
            ])
    }

    private func write(_ map: SetName) -> [Statement] {
        [
            .hasPort(transport),
            .update(
                map, key: [.sourceAddress], timeout: seconds, data: [.destinationAddress, .portOf(transport)]),
        ]
    }
}
