// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleTraffic

extension ProposedQuestion {
    init(from: TrafficStatement.Sender, fromWords: String, to endpoint: Endpoint, _ transport: TransportProtocol) {
        self.init(
            from: from, fromWords: fromWords, to: .endpoint(endpoint, transport),
            toWords: "\(endpoint)\(Self.suffix(transport))")
    }

    /// What is worth asking about each service: every address and node port, from pods of others and its own, from the node,
    /// from outside, and from each range that a balancer's sources are held to.
    static func all(_ definitions: ClusterResolver) -> [ProposedQuestion] {
        let askers = Askers(definitions)
        let services = definitions.resolveAll().cluster.services
        return services.flatMap { service in
            service.ports.indices.flatMap { index -> [ProposedQuestion] in
                let port = service.ports[index]
                let sameInEachFamily = service.ports.indices.filter { isSame(service.ports[$0], port) }
                let pods = askers.pods(sameInEachFamily.map { service.ports[$0] })
                // Of both families together, but for the addresses.
                let named = sameInEachFamily.first == index ? named(port, of: service, pods + askers.everybody) : []
                return named + addressed(port, pods.prefix(1) + askers.everybody, askers.within(port.sourceRanges))
            }
        }
    }

    private static func isSame(_ one: ResolvedPort, _ other: ResolvedPort) -> Bool {
        one.port == other.port && one.protocol == other.protocol && one.name == other.name
    }

    /// About what has one name in both families: the service, and its node port.
    private static func named(
        _ port: ResolvedPort, of service: ResolvedService, _ askers: [Asker]
    ) -> [ProposedQuestion] {
        let word = word(port, of: service)
        let phrase = "service \(service.key)" + (word.map { ":\($0)" } ?? "")
        let own = askers.map { ProposedQuestion($0, .service(service.key, port: word), phrase) }
        guard let number = port.nodePort else { return own }
        let nodePhrase = "nodeport \(number)\(suffix(port.protocol))"
        return own + askers.map { ProposedQuestion($0, .nodePort(number, port.protocol), nodePhrase) }
    }

    /// About the addresses from outside.
    ///
    /// - Parameter sources: who is asked about at addresses of a balancer besides.
    private static func addressed(
        _ port: ResolvedPort, _ askers: [Asker], _ sources: [Asker]
    ) -> [ProposedQuestion] {
        func ask(_ askers: [Asker], _ addresses: [IPAddress]) -> [ProposedQuestion] {
            addresses.flatMap { address in
                askers.map { ProposedQuestion($0, Endpoint(address, port.port), port.protocol) }
            }
        }
        return ask(askers, port.externalIPs) + ask(askers + sources, port.balancerIPs)
    }

    private init(_ asker: Asker, _ to: TrafficDestination, _ words: String) {
        self.init(from: asker.sender, fromWords: asker.words, to: to, toWords: words)
    }

    private init(_ asker: Asker, _ to: Endpoint, _ transport: TransportProtocol) {
        self.init(from: asker.sender, fromWords: asker.words, to: to, transport)
    }

    /// What a port is called by; nil where there is no other.
    private static func word(_ port: ResolvedPort, of service: ResolvedService) -> String? {
        if !port.name.isEmpty { return port.name }
        return service.ports.contains { $0.port != port.port || $0.protocol != port.protocol }
            ? port.port.description : nil
    }

    private static func suffix(_ transport: TransportProtocol) -> String {
        transport == .tcp ? "" : "/\(transport.name)"
    }
}

/// Somebody who may be asked about.
private struct Asker {
    let sender: TrafficStatement.Sender
    let words: String

    static func address(_ address: IPAddress) -> Asker {
        Asker(sender: .one(.address(address)), words: "\(address)")
    }

    static func pods(_ group: PodGroup) -> Asker { Asker(sender: .pods(group), words: "pod \(group)") }
}

/// Finds senders of every sort.
private struct Askers {
    let everybody = [Asker(sender: .one(.node), words: "node"), Asker(sender: .one(.outside), words: "outside")]
    /// In the order of the pods.
    private let groups: [PodGroup]
    private let groupsByAddress: [String: PodGroup]
    private let ranges: [Prefix]
    private let addressesOfNodes: Set<IPAddress>

    init(_ definitions: ClusterResolver) {
        let table = definitions.pods
        let pods = table.sortedPlaces.map { table.objects[$0] }
            .filter { !$0.hasEnded && !$0.podIPs.isEmpty && $0.spec.hostNetwork != true }
        groups = pods.map(PodGroup.init(of:))
        groupsByAddress = Dictionary(zip(pods, groups).flatMap { pod, group in pod.podIPs.map { ($0, group) } }) {
            first, _ in first
        }
        addressesOfNodes = definitions.addressesOfNodes
        if case .ranges(let ranges) = definitions.surroundings.podTraffic { self.ranges = ranges } else { ranges = [] }
    }

    /// A pod that has no part in a service, and one that has; by address where no names are known.
    ///
    /// - Parameter ports: of one port of the service, in each family.
    func pods(_ ports: [ResolvedPort]) -> [Asker] {
        guard !groups.isEmpty else { return addresses(ports) }
        let endpoints = ports.flatMap { $0.endpoints.cluster + $0.endpoints.serving }
        let own = endpoints.compactMap { groupsByAddress[$0.address.description] }
        let isOwn = Set(own)
        return [groups.first { !isOwn.contains($0) }, own.first].compactMap { $0.map(Asker.pods) }
    }

    private func addresses(_ ports: [ResolvedPort]) -> [Asker] {
        ports.flatMap { port -> [Asker] in
            let endpoints = port.endpoints.cluster
            let others = ranges.first { $0.family == port.family }.flatMap { range in
                // From behind, where addresses are given last.
                (1...8).lazy.compactMap { distance -> IPAddress? in
                    let address = IPAddress(port.family, bits: range.lastAddress.bits &- UInt128(distance))
                    return range.contains(address) && !endpoints.contains { $0.address == address } ? address : nil
                }.first
            }
            let own = endpoints.first { endpoint in ranges.contains { $0.contains(endpoint.address) } }?.address
            return [others, own].compactMap { $0.map(Asker.address) }
        }
    }

    /// One in each range, and one in none that is no node.
    func within(_ ranges: [Prefix]?) -> [Asker] {
        guard let ranges else { return [] }
        let inside = ranges.prefix(8).map { range -> IPAddress in
            let second = IPAddress(range.family, bits: range.address.bits | 1)
            return range.contains(second) ? second : range.address
        }
        let strangers = ["203.0.113.1", "192.0.2.1", "2001:db8:1::1"].compactMap { IPAddress($0) }
        let outside = IPFamily.allCases.compactMap { family in
            strangers.first { address in
                address.family == family && !addressesOfNodes.contains(address)
                    && !ranges.contains { $0.contains(address) }
            }
        }
        return (inside + outside).map(Asker.address)
    }
}
