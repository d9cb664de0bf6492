// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import NetworkLab

/// What the evaluator says of the probes of a lab, whose node has a ruleset.
struct Prediction {
    var environment: PacketEnvironment
    private let evaluators: [IPFamily: Evaluator]
    private let topology: Topology

    init(_ ruleset: Ruleset, in topology: Topology) {
        evaluators = Dictionary(uniqueKeysWithValues: ruleset.tables.map { ($0.family, Evaluator($0)) })
        environment = PacketEnvironment(localAddresses: Set(topology.node))
        self.topology = topology
    }

    func evaluation(of probe: Probe) throws -> Evaluation {
        let source = try source(of: probe)
        let entry = environment.isLocal(source) ? Packet.Entry.output : .prerouting
        let packet = Packet(
            from: source, to: Endpoint(probe.destination, port(Int(probe.port))), probe.transport,
            inputInterface: entry == .output ? nil : interface(of: source))
        guard let evaluator = evaluators[packet.family] else {
            throw TestMistake(description: "there is no table for \(probe)")
        }
        return evaluator.evaluate(packet, enteringBy: entry, environment)
    }

    /// A process on the node that names no address sends from the destination if that is the node's, else from its first.
    func source(of probe: Probe) throws -> IPAddress {
        if case .address(let address) = probe.client { return address }
        if environment.isLocal(probe.destination) { return probe.destination }
        guard let address = topology.nodeAddress(probe.destination.family) else {
            throw TestMistake(description: "the node has no address to send \(probe) from")
        }
        return address
    }

    /// The node's interface that an address is behind.
    private func interface(of address: IPAddress) -> String {
        if let pod = topology.localPods.firstIndex(where: { $0.contains(address) }) { return "pod\(pod)" }
        return topology.remote.contains(address) ? "uplink" : "outside"
    }

    /// Whether what was seen of a probe is what an outcome of the evaluator looks like.
    func explains(_ seen: Outcome, of probe: Probe, by outcome: PacketOutcome) throws -> Bool {
        switch (outcome.fate, seen) {
        case (.dnat(let endpoint), .answered(let server, let port, let source)):
            return try endpoint.address == server && endpoint.port.number == port
                && isSource(source, of: probe, outcome.isMasqueraded)
        case (.refused, .refused(let refusal)):
            return refusal == (probe.transport == .tcp ? .reset : .portUnreachable)
        case (.dropped, .dropped): return true
        case (.passed, .answered(let server, let port, let source)):
            return try server == probe.destination && port == probe.port
                && isSource(source, of: probe, outcome.isMasqueraded)
        // Nobody listens there. Where nobody has the address, nobody tells, unless the last router has waited long enough for
        // somebody; nor does a host that has no SCTP.
        case (.passed, .refused(.hostUnreachable)): return true
        case (.passed, .refused): return isHeld(probe.destination)
        case (.passed, .dropped): return !isHeld(probe.destination) || probe.transport == .sctp
        default: return false
        }
    }

    private func isHeld(_ address: IPAddress) -> Bool {
        environment.isLocal(address) || topology.servers.contains(address) || topology.outside.contains(address)
    }

    private func isSource(_ seen: IPAddress, of probe: Probe, _ isMasqueraded: Bool) throws -> Bool {
        try isMasqueraded ? topology.node.contains(seen) : seen == source(of: probe)
    }
}
