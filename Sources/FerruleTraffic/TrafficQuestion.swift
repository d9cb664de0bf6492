// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// A question whose words have become a packet.
struct TrafficQuestion {
    let packet: Packet
    let entry: Packet.Entry

    /// Of what the words may mean, the first that is possible.
    init(
        _ source: TrafficSource, _ destination: TrafficDestination, _ interface: String?, _ node: NodeTraffic
    ) throws(TrafficError) {
        let finder = AddressFinder(node: node)
        let targets = try finder.targets(destination)
        for target in targets {
            guard let sender = try finder.sender(source, to: target.endpoint.address) else { continue }
            self.init(source, sender, target, interface, finder)
            return
        }
        throw .noCommonFamily(targets)
    }

    /// One for each address family.
    static func ofEachFamily(
        _ source: TrafficSource, _ destination: TrafficDestination, _ node: NodeTraffic
    ) throws(TrafficError) -> [TrafficQuestion] {
        let finder = AddressFinder(node: node)
        var targets = try finder.targets(destination)
        if case .nodePort(let port, let transport) = destination {
            let served = node.services.lazy.flatMap(\.ports).filter {
                $0.nodePort == port && (transport ?? $0.protocol) == $0.protocol
            }
            // A node has addresses of families that a service has none of.
            let families = Set(served.map(\.family))
            if !families.isEmpty { targets.removeAll { !families.contains($0.endpoint.address.family) } }
        }
        var questions: [TrafficQuestion] = []
        for target in targets {
            let family = target.endpoint.address.family
            guard !questions.contains(where: { $0.packet.family == family }) else { continue }
            guard let sender = try finder.sender(source, to: target.endpoint.address) else { continue }
            questions.append(TrafficQuestion(source, sender, target, finder.interface(of: source), finder))
        }
        guard questions.isEmpty else { return questions }
        throw .noCommonFamily(targets)
    }

    private init(
        _ source: TrafficSource, _ sender: IPAddress, _ target: AddressFinder.Target, _ interface: String?,
        _ finder: AddressFinder
    ) {
        entry = finder.node.entry(of: sender)
        packet = Packet(
            from: sender, to: target.endpoint, target.transport, inputInterface: entry == .output ? nil : interface)
    }
}

extension TrafficError {
    fileprivate static func noCommonFamily(_ targets: [AddressFinder.Target]) -> TrafficError {
        .noCommonFamily(Set(targets.map(\.endpoint.address.family)).sorted())
    }
}

/// Finds the addresses that words stand for.
private struct AddressFinder {
    let node: NodeTraffic

    struct Target {
        let endpoint: Endpoint
        let transport: TransportProtocol
    }

    // MARK: Sources

    /// The address of a sender that has one of the destination's family.
    func sender(_ source: TrafficSource, to destination: IPAddress) throws(TrafficError) -> IPAddress? {
        let family = destination.family
        switch source {
        case .address(let address): return address.family == family ? address : nil
        case .pod(let key): return try podAddresses(key).first { $0.family == family }
        case .outside: return outside(family)
        case .node:
            // As the kernel chooses: a packet to one of its own addresses is from that address.
            if node.environment.isLocal(destination) { return destination }
            return try primaryAddress(family, "a process on the node sends")
        }
    }

    /// One that packets of a sender may come in by, where pods are told by theirs; nil where they are not.
    func interface(of source: TrafficSource) -> String? {
        let ofPods: String
        switch node.definitions?.surroundings.podTraffic {
        case .interface(let name)?: ofPods = name
        case .interfacePrefix(let prefix)?: ofPods = prefix + "0"
        case .ranges?, .unknown?, nil: return nil
        }
        let isPod =
            switch source {
            case .pod: true
            case .node, .outside: false
            case .address(let address):
                node.definitions?.pods.objects.contains { $0.addresses.contains(address) } == true
            }
        return isPod ? ofPods : Packet.interface(unlike: ofPods)
    }

    private func podAddresses(_ key: ObjectKey) throws(TrafficError) -> [IPAddress] {
        guard let definitions = node.definitions else {
            throw .wording("the kernel knows no names of pods: pass the address of \(key)")
        }
        guard let pod = definitions.pods[key] else {
            let known = definitions.pods.sortedKeys
            // What a controller appends is left out easily.
            let own = known.filter { $0.namespace == key.namespace && $0.name.hasPrefix(key.name + "-") }
            throw .unknown(
                "there is no pod \(key)", hint: didYouMean(own.isEmpty ? known.nearest(to: key) : Array(own.prefix(3))))
        }
        let addresses = pod.addresses
        guard !addresses.isEmpty else {
            throw .unknown("pod \(key) has no address", hint: "--assume-pods gives declared pods placeholder addresses")
        }
        return addresses
    }

    private func primaryAddress(_ family: IPFamily, _ use: String) throws(TrafficError) -> IPAddress {
        if let address = node.primaryAddress(family) { return address }
        throw .wording("the address that \(use) from is not known: \(addressHint)")
    }

    /// What makes the node's addresses known.
    private var addressHint: String {
        node.nodeName == nil ? "name the node by --node-name, or say --node-ip" : "say --node-ip"
    }
    /// One of no pod, service or node, whom no list of sources lets in.
    private func outside(_ family: IPFamily) -> IPAddress? {
        node.strangers[family]?.first(
            besides: node.environment.localAddresses.union(node.definitions?.addressesOfNodes ?? []))
    }

    // MARK: Destinations

    /// What a destination may mean, the first choice first.
    func targets(_ destination: TrafficDestination) throws(TrafficError) -> [Target] {
        switch destination {
        case .endpoint(let endpoint, let transport): return [Target(endpoint: endpoint, transport: transport)]
        case .service(let key, let port):
            return try node.definitions == nil ? recordedTargets(key, port) : definedTargets(key, port)
        case .nodePort(let port, let transport):
            let addresses = IPFamily.allCases.flatMap { family in
                node.nodePortAddresses(family).prefix(1) + [node.primaryAddress(family)].compactMap(\.self)
            }
            guard !addresses.isEmpty else {
                throw .wording("no address of the node is known: \(addressHint)")
            }
            return addresses.map { address in
                Target(
                    endpoint: Endpoint(address, port),
                    transport: transport ?? servedTransport(port, address.family) ?? .tcp)
            }
        }
    }

    /// The protocol that a node port is served by.
    private func servedTransport(_ port: Port, _ family: IPFamily) -> TransportProtocol? {
        let served = node.set(.nodePorts, family)
        return TransportProtocol.allCases.first { served?.element(for: .port($0, port)) != nil }
    }

    private func definedTargets(_ key: ObjectKey, _ port: String?) throws(TrafficError) -> [Target] {
        guard let service = node.definitions?.clusterService(key) else {
            throw .unknown(
                "there is no service \(key)", hint: didYouMean(node.services.map(\.key).nearest(to: key)))
        }
        switch service.kind {
        case .virtual: break
        case .headless:
            throw .unknown(
                "service \(key) is headless: its name leads to the pods themselves, not through rules", hint: nil)
        case .externalName:
            throw .unknown(
                "service \(key) stands for the name \(service.externalName), and has no address", hint: nil)
        case .leftToAnotherProxy:
            throw .unknown("service \(key) is left to another proxy, as its label asks", hint: nil)
        }
        let all = service.ports.map { ServicePortChoice(name: $0.name, number: $0.number, transport: $0.protocol) }
        let choice = try ServicePortChoice.choose(port, among: all, of: key)
        return service.clusterIPs.map { Target(endpoint: Endpoint($0, choice.number), transport: choice.transport) }
    }

    /// The same by the comments in the kernel, which name services and their ports.
    private func recordedTargets(_ key: ObjectKey, _ port: String?) throws(TrafficError) -> [Target] {
        var targets: [(ServicePortChoice, Target)] = []
        for family in IPFamily.allCases {
            let clusterIPs = node.set(.clusterIPs, family)
            for element in node.set(.services, family)?.elements ?? [] {
                guard let (address, transport, number) = element.key.service,
                    let name = element.comment.flatMap({ portName($0, of: key) }),
                    clusterIPs?.element(for: .address(address)) != nil
                else { continue }
                let target = Target(endpoint: Endpoint(address, number), transport: transport)
                targets.append((ServicePortChoice(name: name, number: number, transport: transport), target))
            }
        }
        guard !targets.isEmpty else { throw .unknown("the kernel has no service \(key)", hint: nil) }
        let choice = try ServicePortChoice.choose(port, among: targets.map(\.0), of: key)
        return targets.filter { $0.0 == choice }.map(\.1)
    }

    /// The name of a port, empty where it has none, in a comment about a service.
    private func portName(_ comment: String, of key: ObjectKey) -> String? {
        if comment == "\(key)" { return "" }
        return comment.hasPrefix("\(key):") ? String(comment.dropFirst("\(key):".count)) : nil
    }
}
