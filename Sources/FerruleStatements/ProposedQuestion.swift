// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleTraffic

/// A question whose answer becomes a statement.
struct ProposedQuestion {
    let from: TrafficStatement.Sender
    let fromWords: String
    let to: TrafficDestination
    let toWords: String
}

extension ProposedQuestion {
    init(from: TrafficStatement.Sender, fromWords: String, to endpoint: Endpoint, _ transport: TransportProtocol) {
        self.init(
            from: from, fromWords: fromWords, to: .endpoint(endpoint, transport),
            toWords: "\(endpoint)\(Self.suffix(transport))")
    }

    /// What is worth asking about each service: every address and node port, from pods of others and its own, from the node,
    /// from outside, and from each range that a balancer's sources are held to.
    /// What several services claim is asked about once.
    static func all(_ definitions: ClusterResolver) -> [ProposedQuestion] {
        let services = definitions.resolveAll().cluster.services
        let askers = Askers(definitions, services)
        let nodePorts = services.lazy.flatMap(\.ports).reduce(into: [Port: Set<TransportProtocol>]()) { found, port in
            if let number = port.nodePort { found[number, default: []].insert(port.protocol) }
        }
        var asked: Set<[String]> = []
        return services.flatMap { service in
            service.ports.indices.flatMap { index -> [ProposedQuestion] in
                let port = service.ports[index]
                let sameInEachFamily = service.ports.indices.filter { isSame(service.ports[$0], port) }
                let pods = askers.pods(sameInEachFamily.map { service.ports[$0] })
                // Of both families together, but for the addresses.
                let named =
                    sameInEachFamily.first == index
                    ? named(port, of: service, pods + askers.everybody, nodePorts: nodePorts) : []
                return named + addressed(port, pods.prefix(1) + askers.everybody, askers.within(port.sourceRanges))
            }
        }.filter { asked.insert([$0.fromWords, $0.toWords]).inserted }
    }

    private static func isSame(_ one: ResolvedPort, _ other: ResolvedPort) -> Bool {
        one.port == other.port && one.protocol == other.protocol && one.name == other.name
    }

    /// About what has one name in both families: the service, and its node port.
    ///
    /// - Parameter nodePorts: the protocols of each number. A question that names none is about whichever there is.
    private static func named(
        _ port: ResolvedPort, of service: ResolvedService, _ askers: [Asker], nodePorts: [Port: Set<TransportProtocol>]
    ) -> [ProposedQuestion] {
        let all = service.ports.map(ServicePortChoice.init)
        let word = ServicePortChoice(port).word(among: Set(all))
        let phrase = "service \(service.key)" + (word.map { ":\($0)" } ?? "")
        let own = askers.map { ProposedQuestion($0, .service(service.key, port: word), phrase) }
        guard let number = port.nodePort else { return own }
        let isOne = nodePorts[number]?.count == 1
        let nodePhrase = "nodeport \(number)" + (isOne ? suffix(port.protocol) : "/\(port.protocol.name)")
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

    private static func suffix(_ transport: TransportProtocol) -> String {
        transport == .tcp ? "" : "/\(transport.name)"
    }
}

extension ServicePortChoice {
    fileprivate init(_ port: ResolvedPort) {
        self.init(name: port.name, number: port.port, transport: port.protocol)
    }
}
