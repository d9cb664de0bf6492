// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// Asks the evaluator what a table does with packets, for each audience by one sender that stands for all of it.
///
/// What somebody else has put into the table is passed over, and so is what packets have written: both say nothing of what
/// Ferrule's own rules do with a new client.
struct TrafficProbe {
    private let evaluator: Evaluator
    private let environment: PacketEnvironment
    /// As if the settings and lists that say who may come in, and where, let everything in.
    private let openEnvironment: PacketEnvironment
    private let pods: Sender
    private let outside: Sender
    /// Where node ports are asked for, in the order in which they are tried.
    private let nodeAddresses: [IPAddress]
    /// Whether ``nodeAddresses`` are those that the table names; else one stands for all that a node may have.
    let knowsNodeAddresses: Bool
    /// False where the node ports of a table are served at no address.
    let servesNodePorts: Bool

    private struct Sender: Equatable {
        let address: IPAddress
        let interface: String
    }

    /// - Parameter addressesOfNodes: those of the node and of others, as far as they are known: none of them is outside.
    init(_ table: Table, _ reached: Reachability, addressesOfNodes: Set<IPAddress>) {
        let family = table.family
        let known: [SetPurpose] = [.podCIDRs, .serviceCIDRs, .services, .clusterIPs, .sourceRanges]
        let addresses = table.set(.nodePortAddresses, reached)?.elements
        servesNodePorts = addresses?.isEmpty != true
        let named = addresses?.compactMap(\.key.address) ?? []
        let taken = addressesOfNodes.union(named)
        // Where every address is somebody's, none is better than another.
        let strangers = Strangers(to: known, of: table)
        let standIn = strangers.first(besides: taken) ?? IPAddress(family, bits: 1)
        let stranger = strangers.first(besides: taken.union([standIn])) ?? IPAddress(family, bits: 2)
        knowsNodeAddresses = !named.isEmpty
        nodeAddresses = named.isEmpty ? [standIn] : named
        environment = PacketEnvironment(localAddresses: Set(named + [standIn]))
        var open = environment
        open.assumedSets = [SetPurpose.nodePortAddresses.name, SetPurpose.sourceRanges.name]
        openEnvironment = open
        let interfaces = table.podInterfaces(reached)
        outside = Sender(address: stranger, interface: Packet.interface(unlike: interfaces?.name ?? ""))
        pods = Sender(
            address: table.podAddress ?? stranger,
            interface: interfaces.map { $0.name + ($0.isPrefix ? "0" : "") } ?? outside.interface)
        evaluator = Evaluator(table.withoutOthersAndMemories)
    }

    /// Where packets find a frontend as far as it is open, and what becomes of those from outside; nil where they find something
    /// else there, or nothing.
    func find(_ frontend: Frontend) -> (destination: Endpoint, outside: Evaluation)? {
        guard let port = frontend.port else { return nil }
        for address in frontend.address.map({ [$0] }) ?? nodeAddresses {
            let destination = Endpoint(address, port)
            let evaluation = evaluation(.outside, frontend, at: destination)
            if evaluation.meets(frontend) { return (destination, evaluation) }
        }
        return nil
    }

    /// Whether pods are told from others; else they are as those outside.
    var tellsPods: Bool { pods != outside }

    /// What becomes of the packets of an audience, were they let in.
    func evaluation(_ audience: Audience, _ frontend: Frontend, at destination: Endpoint) -> Evaluation {
        ask(packet(audience, destination, frontend), audience == .node ? .output : .prerouting, openEnvironment)
    }

    /// The same as the lists of sources and the node's addresses have it.
    func exactEvaluation(_ audience: Audience, _ frontend: Frontend, at destination: Endpoint) -> Evaluation {
        ask(packet(audience, destination, frontend), audience == .node ? .output : .prerouting, environment)
    }

    /// What becomes of a packet from the first address of a range.
    func evaluation(from range: Prefix, _ frontend: Frontend, at destination: Endpoint) -> Evaluation {
        var packet = packet(.outside, destination, frontend)
        packet.source = range.address
        return ask(packet, environment.isLocal(range.address) ? .output : .prerouting, environment)
    }

    /// Whether what pods send to a ClusterIP is masqueraded, wherever it goes.
    var masqueradesAll: Bool {
        guard let port = Port(1) else { return false }
        var environment = environment
        environment.assumedSets = [SetPurpose.clusterIPs.name]
        let packet = Packet(
            from: pods.address, to: Endpoint(outside.address, port), .tcp, inputInterface: pods.interface)
        return ask(packet, .prerouting, environment).steps.contains { $0.rule.statements.contains(where: \.isSetMark) }
    }

    private func ask(_ packet: Packet, _ entry: Packet.Entry, _ environment: PacketEnvironment) -> Evaluation {
        evaluator.evaluate(packet, enteringBy: entry, environment)
    }

    private func packet(_ audience: Audience, _ destination: Endpoint, _ frontend: Frontend) -> Packet {
        let transport = frontend.transport ?? .tcp
        switch audience {
        case .pods:
            return Packet(from: pods.address, to: destination, transport, inputInterface: pods.interface)
        case .outside:
            return Packet(from: outside.address, to: destination, transport, inputInterface: outside.interface)
        case .node:
            // What a node sends to itself bears the address that it goes to.
            let isOwn = environment.isLocal(destination.address)
            return Packet(from: isOwn ? destination.address : nodeAddresses[0], to: destination, transport)
        }
    }
}

extension Table {
    /// An address that the table takes for a pod's, and no endpoint has; nil where pods are not told by theirs.
    fileprivate var podAddress: IPAddress? {
        let ranges = (set(.podCIDRs)?.elements ?? []).lazy.compactMap(\.key.prefix)
        let hairpin = set(.hairpin)
        return ranges.first { hairpin?.element(for: .hairpin($0.address)) == nil }?.address ?? ranges.first?.address
    }

    /// How interfaces are called, or begin, that the table takes for those of pods; nil where rules ask for none.
    func podInterfaces(_ reached: Reachability) -> (name: String, isPrefix: Bool)? {
        for chain in chains where reached.chains.contains(chain.name) {
            for case .inputInterface(let name, let isPrefix, _) in chain.rules.lazy.flatMap(\.statements) {
                return (name, isPrefix)
            }
        }
        return nil
    }

    fileprivate var withoutOthersAndMemories: Table {
        var table = self
        table.foreign = []
        for index in table.chains.indices where !table.chains[index].foreignRules.isEmpty {
            table.chains[index].foreignRules = []
        }
        for index in table.sets.indices where table.sets[index].isDynamic { table.sets[index].elements = [] }
        return table
    }
}

extension Evaluation {
    /// Whether the packet was found to be for a frontend: an address without endpoints may yield to a node port, so the last
    /// find counts.
    fileprivate func meets(_ frontend: Frontend) -> Bool {
        steps.lazy.compactMap(\.met).last { $0.set == .services || $0.set == .nodePorts }?.element.key == frontend.key
    }
}
