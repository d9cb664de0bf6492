// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
package import FerruleNetwork
package import FerruleResolution
package import FerruleRuleset
internal import FerruleText

/// One node that packets arrive at or start from: its ruleset, its addresses, and the definitions that tell names.
package struct NodeTraffic: Sendable {
    /// nil where none is named.
    package let nodeName: String?
    /// What affinity maps hold besides what stands in the tables.
    package var environment: PacketEnvironment

    let evaluators: [IPFamily: Evaluator]
    /// Who is no pod or service, and whom no list of sources lets in.
    let strangers: [IPFamily: Strangers]
    /// In the order of preference.
    let nodeAddresses: [IPAddress]
    /// nil where only the kernel was asked.
    package let definitions: ClusterResolver?
    /// As the node sees them; empty where only the kernel was asked.
    package let services: [ResolvedService]

    /// A node with a ruleset that was made of definitions.
    ///
    /// - Parameter cluster: the definitions as the node sees them.
    package init(_ ruleset: Ruleset, _ definitions: ClusterResolver, _ cluster: ResolvedCluster, nodeName: String?) {
        self.init(
            ruleset, nodeAddresses: definitions.nodeAddresses, definitions, cluster.services, nodeName: nodeName)
    }

    /// A node whose tables were read from the kernel.
    ///
    /// - Parameter addresses: those on its interfaces, and others that it is said to have; what it sends is from the first.
    package init(reading ruleset: Ruleset, nodeName: String?, addresses: [IPAddress]) {
        self.init(ruleset, nodeAddresses: addresses, nil, [], nodeName: nodeName)
    }

    private init(
        _ ruleset: Ruleset, nodeAddresses: [IPAddress], _ definitions: ClusterResolver?, _ services: [ResolvedService],
        nodeName: String?
    ) {
        let evaluators = Dictionary(ruleset.tables.map { ($0.family, Evaluator($0)) }) { first, _ in first }
        self.evaluators = evaluators
        strangers = Dictionary(
            uniqueKeysWithValues: IPFamily.allCases.map { family in
                let table = evaluators[family]?.table ?? Table(.ferrule(family))
                return (family, Strangers(to: [.podCIDRs, .serviceCIDRs, .services, .sourceRanges], of: table))
            })
        (self.nodeAddresses, self.definitions, self.services) = (nodeAddresses, definitions, services)
        self.nodeName = nodeName
        environment = PacketEnvironment(localAddresses: Set(nodeAddresses))
    }

    /// What becomes of the first packet of a connection.
    ///
    /// - Parameter interface: the one that the packet comes in by; nil where that is not known.
    package func answer(
        from source: TrafficSource, to destination: TrafficDestination, in interface: String? = nil
    ) throws(TrafficError) -> TrafficAnswer {
        try answer(TrafficQuestion(source, destination, interface, self))
    }

    /// What becomes of the first packet in each address family in which sender and destination have an address, and that the
    /// destination is served in.
    package func answers(
        from source: TrafficSource, to destination: TrafficDestination
    ) throws(TrafficError) -> [TrafficAnswer] {
        var answers: [TrafficAnswer] = []
        for question in try TrafficQuestion.ofEachFamily(source, destination, self) {
            answers.append(try answer(question))
        }
        return answers
    }

    private func answer(_ question: TrafficQuestion) throws(TrafficError) -> TrafficAnswer {
        let evaluation = evaluate(question.packet, question.entry)
        for case .notKnown(.inputInterface(_, let chain)) in evaluation.outcomes.map(\.outcome.fate) {
            throw .wording("chain \(chain) asks for the interface that packets come in by: say it by --in")
        }
        return TrafficReport(question, evaluation, self).answer
    }

    /// What the node's ruleset does with a packet; everything passes where a family has no table.
    package func evaluate(_ packet: Packet, _ entry: Packet.Entry) -> Evaluation {
        (evaluators[packet.family] ?? Evaluator(table(packet.family))).evaluate(packet, enteringBy: entry, environment)
    }

    /// Where a service stands in ``services``, which are in the order of their names.
    func place(ofService key: ObjectKey) -> Int? {
        services.indices.sortedPlace(of: key) { services[$0].key }
    }

    /// Where packets of a sender enter.
    package func entry(of source: IPAddress) -> Packet.Entry { environment.isLocal(source) ? .output : .prerouting }

    // MARK: What the ruleset says of addresses

    /// An absent one where the family has none.
    func table(_ family: IPFamily) -> Table { evaluators[family]?.table ?? Table(.ferrule(family)) }

    func set(_ purpose: SetPurpose, _ family: IPFamily) -> SetDefinition? {
        evaluators[family]?.table.set(purpose)
    }

    /// The address of a family that the node is known by.
    func primaryAddress(_ family: IPFamily) -> IPAddress? { ownAddresses(family).first }

    /// The node's addresses that others may know; link-local ones last, since nothing that goes further than a link is from one
    /// (RFC 6724, section 5, rule 2).
    private func ownAddresses(_ family: IPFamily) -> [IPAddress] {
        let own = nodeAddresses.filter { $0.family == family && !$0.isLoopback }
        return own.filter { $0.specialUse != .linkLocal } + own.filter { $0.specialUse == .linkLocal }
    }

    /// The node's addresses at which node ports are served.
    func nodePortAddresses(_ family: IPFamily) -> [IPAddress] {
        let own = ownAddresses(family)
        guard let listed = set(.nodePortAddresses, family) else { return own }
        return own.filter { listed.element(for: .address($0)) != nil }
    }
}
