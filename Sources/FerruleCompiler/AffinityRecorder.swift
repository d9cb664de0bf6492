// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The chains that read and write the memory of one service port.
struct AffinityRecorder {
    let transport: TransportProtocol
    /// How long a client is remembered after its last new connection.
    let seconds: Int
    let names: AffinityNames

    /// Translates to the endpoint that the client has; without one the packet comes back.
    func recallChain(_ list: TrafficPolicy) -> Chain {
        Chain(
            names.recall(list),
            rules: [Rule(.transportProtocol(transport), .translate([.sourceAddress], names.memory(list).name))])
    }

    /// - Parameter alsoLocal: a local endpoint goes into the memory of the policy Local too.
    func rememberCluster(alsoLocal: Bool) -> Chain {
        let local = Rule(
            [.lookup([.destinationAddress, .destinationAddress], SetPurpose.hairpin.name, negated: false)]
                + write(names.memory(.local).name))
        return Chain(
            names.remember(.cluster), rules: [Rule(write(names.memory(.cluster).name))] + (alsoLocal ? [local] : []))
    }

    /// - Parameter alsoCluster: the endpoint goes into the memory of the policy Cluster too.
    func rememberLocal(alsoCluster: Bool) -> Chain {
        Chain(
            names.remember(.local),
            rules: [Rule(write(names.memory(.local).name))]
                + (alsoCluster ? [Rule(write(names.memory(.cluster).name))] : []))
    }

    /// Under the external policy Local, pods and the node were given an endpoint of the cluster, others a local one.
    func rememberBoth(_ pods: PodMatch) -> Chain {
        Chain(
            names.rememberBoth,
            rules: pods.fromPods.map { Rule([$0, .verdict(.goto(names.remember(.cluster).name))]) } + [
                Rule(.isLocal(.source, negated: false), .verdict(.goto(names.remember(.cluster).name))),
                Rule(.verdict(.goto(names.remember(.local).name))),
            ])
    }

    private func write(_ memory: SetName) -> [Statement] {
        [
            .hasPort(transport),
            .update(
                memory, key: [.sourceAddress], timeout: seconds, data: [.destinationAddress, .portOf(transport)]),
        ]
    }
}
