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
            var seen: Set<String> = []
            return service.ports.flatMap { port -> [ProposedQuestion] in
                let own = service.ports.filter { $0.name == port.name && $0.port == port.port }
                let near = askers.pods(own) + askers.everybody
                var questions: [ProposedQuestion] = []
                if port.clusterIP != nil, seen.insert("\(port.name) \(port.port) \(port.protocol)").inserted {
                    let words = words(port, of: service)
                    questions += near.map { ProposedQuestion($0, .service(service.key, port: words), servicePhrase(service.key, words)) }
                    if let number = port.nodePort {
                        questions += near.map {
                            ProposedQuestion(
                                $0, .nodePort(number, port.protocol), "nodeport \(number)\(suffix(port.protocol))")
                        }
                    }
                }
                let outer = askers.pods(own).prefix(1) + askers.everybody
                for address in port.externalIPs {
                    questions += outer.map { ProposedQuestion($0, Endpoint(address, port.port), port.protocol) }
                }
                for address in port.balancerIPs {
                    let all = outer + Askers.within(port.sourceRanges)
                    questions += all.map { ProposedQuestion($0, Endpoint(address, port.port), port.protocol) }
                }
                return questions
            }
        }
    }

    private init(_ asker: Asker, _ to: TrafficDestination, _ words: String) {
        self.init(from: asker.sender, fromWords: asker.words, to: to, toWords: words)
    }

    private init(_ asker: Asker, _ to: Endpoint, _ transport: TransportProtocol) {
        self.init(from: asker.sender, fromWords: asker.words, to: to, transport)
    }

    /// What a port is called by; nil where there is no other.
    private static func words(_ port: ResolvedPort, of service: ResolvedService) -> String? {
        if !port.name.isEmpty { return port.name }
        return service.ports.contains { $0.port != port.port || $0.protocol != port.protocol }
            ? port.port.description : nil
    }

    private static func servicePhrase(_ key: ObjectKey, _ port: String?) -> String {
        "service \(key)" + (port.map { ":\($0)" } ?? "")
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

    init(_ definitions: ClusterResolver) {
        let table = definitions.pods
        let pods = table.sortedPlaces.map { table.objects[$0] }
            .filter { $0.mayStillSend && !$0.podIPs.isEmpty && $0.spec.hostNetwork != true }
        groups = pods.map(PodGroup.init(of:))
        groupsByAddress = Dictionary(zip(pods, groups).flatMap { pod, group in pod.podIPs.map { ($0, group) } }) {
            first, _ in first
        }
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

    /// One in each range, and one in none.
    static func within(_ ranges: [Prefix]?) -> [Asker] {
        guard let ranges else { return [] }
        let inside = ranges.prefix(8).map { range -> IPAddress in
            let second = IPAddress(range.family, bits: range.address.bits | 1)
            return range.contains(second) ? second : range.address
        }
        let strangers = ["203.0.113.1", "192.0.2.1", "2001:db8:1::1"].compactMap { IPAddress($0) }
        let outside = IPFamily.allCases.compactMap { family in
            strangers.first { address in address.family == family && !ranges.contains { $0.contains(address) } }
        }
        return (inside + outside).map(Asker.address)
    }
}
