// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleResolution
import NetworkLab
import Testing

/// A cluster and what has to become of packets on its node.
struct PacketCase: Sendable {
    let name: String
    let manifests: String
    var change: @Sendable (inout TestCluster, IPFamily) -> Void = { _, _ in }
    let flows: String

    /// Manifests and flows are written with IPv4 addresses. The change gets the family the case is run in.
    init(
        _ name: String, _ manifests: String, flows: String,
        change: @escaping @Sendable (inout TestCluster, IPFamily) -> Void = { _, _ in }
    ) {
        (self.name, self.manifests, self.flows, self.change) = (name, manifests, flows, change)
    }

    fileprivate func cluster(_ family: IPFamily) -> TestCluster {
        var cluster = TestCluster(manifests.translated(to: family))
        change(&cluster, family)
        return cluster
    }
}

/// Cases about one thing, which share a lab.
struct PacketTheme: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let cases: [PacketCase]
    private let topology: Topology
    private let serve: @Sendable (Lab) throws -> Void

    init(
        _ name: String, in topology: Topology = .packets,
        serve: @escaping @Sendable (Lab) throws -> Void = { try $0.serveForPackets() }, _ cases: [PacketCase]
    ) {
        (testDescription, self.cases, self.topology, self.serve) = (name, cases, topology, serve)
    }

    /// Runs the cases one after the other, each by an apply on the same node, and says what is wrong.
    ///
    /// - Parameter way: how each case comes to stand there after the one before.
    func mistakes(_ family: IPFamily, _ way: Way = .replacing) throws -> [String] {
        try Lab.with(topology) { lab in
            try serve(lab)
            return try cases.enumerated().flatMap { number, item in
                let cluster = item.cluster(family)
                let flows = try Flow.table(item.flows, family)
                let prediction = Prediction(try cluster.ruleset(), in: lab.topology)
                let foreseen = try flows.flatMap { try $0.mistakes(in: prediction, node: lab.topology.node) }
                switch way {
                case .replacing: try lab.node.apply(cluster.ruleset())
                case .updating: try lab.node.update(to: cluster.ruleset())
                case .following: try cluster.follow(on: lab.node, seed: UInt64(number))
                case .iptables(let variant): try lab.node.bring(to: cluster.iptables(), variant)
                }
                var rest = try lab.probe(flows.flatMap(\.probes))[...]
                let seen = flows.flatMap { flow in
                    let outcomes = Array(rest.prefix(flow.probes.count))
                    rest = rest.dropFirst(outcomes.count)
                    return flow.mistakes(in: outcomes, node: lab.topology.node)
                }
                return (foreseen + seen).map { "\(item.name): \($0)" }
            }
        }
    }
}

/// How a ruleset comes to stand in the kernel.
enum Way {
    /// In the place of whatever stands there.
    case replacing
    /// By what differs from it.
    case updating
    /// Object by object, as an agent hears of them.
    case following
    /// By rules of iptables instead, by what differs from those that stand.
    case iptables(IPTablesVariant)
}

extension Topology {
    /// The default one, and a second address of the node in each family.
    static var packets: Topology {
        var topology = Topology()
        topology.node = addresses("192.0.2.11", "203.0.113.11", "2001:db8::11", "2001:db8:cb::11")
        topology.remote = addresses(
            "192.0.2.12", "2001:db8::12", "10.244.1.6", "fd00:10:244:1::6", "10.244.1.7", "fd00:10:244:1::7")
        return topology
    }
}

extension Lab {
    /// All pods answer at these ports, and a host out of the cluster and the node at one.
    func serveForPackets() throws {
        try serve([53, 80, 8080, 8081, 8888])
        try serve([80], on: addresses("198.51.100.3", "2001:db8:ffff::3"))
        try serve([9100], [.tcp, .udp], on: addresses("192.0.2.11", "2001:db8::11"))
    }
}
