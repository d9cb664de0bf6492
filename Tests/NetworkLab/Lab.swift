// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import Synchronization

/// A node with its pods and surroundings, each in a network namespace of its own, connected and routed in both
/// families; with servers that answer and probes that ask.
///
/// Everything goes when the last reference to the lab goes. That may be right after its last use, not at the end of
/// the scope; ``with(_:_:)`` keeps it as long as its closure runs, also if the closure throws.
package final class Lab: Sendable {
    package let topology: Topology
    /// Where rulesets go. Its interfaces are `uplink`, `outside` and `pod0`, `pod1`, ...
    package let node: Namespace
    package let localPods: [Namespace]
    package let remote: Namespace
    package let outside: Namespace

    private let holders: [IPAddress: Namespace]
    private let loop: ServerLoop
    private let portCounter = Atomic<UInt32>(0)
    private let sctpPorts = SCTPPorts()

    /// Makes the namespaces and waits until the node reaches each of them.
    package init(_ topology: Topology = Topology()) throws(LabError) {
        self.topology = topology
        let pods = topology.localPods.indices.map { "pod\($0)" }
        let namespaces = try Namespace.make(["node", "remote", "outside"] + pods)
        (node, remote, outside) = (namespaces[0], namespaces[1], namespaces[2])
        localPods = Array(namespaces.dropFirst(3))
        let links =
            [
                Link(name: "uplink", peer: remote, addresses: topology.remote),
                Link(name: "outside", peer: outside, addresses: topology.outside),
            ] + zip(localPods, zip(pods, topology.localPods)).map { Link(name: $1.0, peer: $0, addresses: $1.1) }
        try connect(node: node, links, topology)

        var holders: [IPAddress: Namespace] = [:]
        for address in topology.node { holders[address] = node }
        for link in links {
            for address in link.addresses { holders[address] = link.peer }
        }
        self.holders = holders
        loop = try ServerLoop()
        try loop.start()
        try awaitReachability(links)
    }

    deinit {
        loop.stop()
    }

    /// Runs a closure with a lab that is gone afterwards.
    package static func with<Result>(
        _ topology: Topology = Topology(), _ body: (Lab) throws -> Result
    ) throws -> Result {
        let lab = try Lab(topology)
        return try withExtendedLifetime(lab) { try body(lab) }
    }

    /// The namespace that holds an address of the topology.
    package func holder(of address: IPAddress) throws(LabError) -> Namespace {
        guard let holder = holders[address] else { throw LabError("\(address) is not an address of this lab") }
        return holder
    }

    /// Has the given ports answered on the addresses: on all pods and remote addresses unless told otherwise. May be
    /// called again for other ports and addresses.
    package func serve(
        _ ports: [UInt16], _ transports: [TransportProtocol] = TransportProtocol.allCases,
        on addresses: [IPAddress]? = nil
    ) throws(LabError) {
        for address in addresses ?? topology.servers where topology.families.contains(address.family) {
            let servers = try holder(of: address).perform { () throws(LabError) in
                try makeServers(Set(ports), Set(transports), address)
            }
            for server in servers { try loop.add(server) }
        }
    }

    private func makeServers(
        _ ports: Set<UInt16>, _ transports: Set<TransportProtocol>, _ address: IPAddress
    ) throws(LabError) -> [Server] {
        var servers: [Server] = []
        for port in ports {
            let socketAddress = SocketAddress(address, port)
            if transports.contains(.tcp) { servers.append(try Server(.tcpListener, .tcp, socketAddress)) }
            if transports.contains(.udp) { servers.append(try Server(.udp, .udp, socketAddress)) }
        }
        if transports.contains(.sctp), sctpPorts.insert(ports, on: address) {
            servers.append(try Server(.sctp(sctpPorts), .sctp, SocketAddress(address, 0)))
        }
        return servers
    }

    /// A source port that this lab has not used in its last 52,000 probes: not a node port, nor below the lab's own
    /// range where servers listen.
    func freshPort() -> UInt16 {
        let number = portCounter.wrappingAdd(1, ordering: .relaxed).oldValue % 52_000
        return UInt16(number < 20_000 ? 10_000 + number : 33_000 - 20_000 + number)
    }

    /// Waits until the server thread has answered all that has arrived.
    func settle() { loop.settle() }
}
