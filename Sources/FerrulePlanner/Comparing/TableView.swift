// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleParallel
internal import FerruleRuleset

/// A table as traffic sees it: its services, and the settings that hold for all of them.
struct TableView {
    private(set) var frontends: [FrontendView] = []
    let settings: TableSettings

    private let table: Table
    private let probe: TrafficProbe
    /// The sources that each key is open to, as definitions say; of keys that are open to some only.
    private let ranges: [ElementKey: [Prefix]]
    /// Whether there may be such keys.
    private let limitsSources: Bool

    /// - Parameters:
    ///   - selection: the services to look at; nil for all.
    ///   - addressesOfNodes: those that are known of any node, so that nobody outside has them.
    init(_ table: Table, only selection: ServiceSelection?, addressesOfNodes: Set<IPAddress> = []) {
        let reached = Reachability(of: table)
        self.table = table
        probe = TrafficProbe(table, reached, addressesOfNodes: addressesOfNodes)
        settings = TableSettings(table, reached, probe)
        let sources = table.set(.sourceRanges)
        limitsSources = sources != nil
        let defined = sources?.elements.filter { $0.comment != Element.sourceOfNode } ?? []
        ranges = Dictionary(grouping: defined.compactMap(\.key.serviceSource), by: \.service)
            .mapValues { $0.map(\.source) }
        let entrances = table.entrances(reached) { selection?.includes($0) ?? true }
        frontends = views(entrances)
        if !probe.knowsNodeAddresses { completeNodePorts() }
    }

    /// How many frontends are looked at one after the other before another processor may go on.
    private static let sliceLength = 256

    private func views(_ entrances: [Entrance]) -> [FrontendView] {
        let sliceLength = TableView.sliceLength
        return parallelReduce(
            count: (entrances.count + sliceLength - 1) / sliceLength, into: []
        ) { slice in
            entrances.dropFirst(slice * sliceLength).prefix(sliceLength).compactMap(view)
        } take: { all, views in
            all += views
        }
    }

    /// nil where packets do not come there.
    private func view(_ entrance: Entrance) -> FrontendView? {
        let frontend = entrance.frontend
        guard let (destination, outside) = probe.find(frontend) else { return nil }
        let pods = probe.tellsPods ? probe.evaluation(.pods, frontend, at: destination) : outside
        let node = probe.evaluation(.node, frontend, at: destination)
        var view = FrontendView(
            entrance.name, frontend, pods: Route(pods), node: Route(node), outside: Route(outside),
            sourceRanges: sourceRanges(frontend, at: destination),
            affinity: pods.secondsRemembered ?? outside.secondsRemembered ?? node.secondsRemembered)
        view.clients = view.sourceRanges.map { clients(within: $0, frontend, at: destination) } ?? clients(of: view)
        return view
    }

    /// nil for everybody.
    private func sourceRanges(_ frontend: Frontend, at destination: Endpoint) -> [Prefix]? {
        guard frontend.isForOutside, limitsSources,
            probe.exactEvaluation(.outside, frontend, at: destination).isHeldOff
        else { return nil }
        return ranges[frontend.key] ?? []
    }

    /// Who finds an endpoint where everybody is let in.
    private func clients(of view: FrontendView) -> Set<Client> {
        guard view.frontend.kind != .nodePort || probe.servesNodePorts else { return [] }
        let served = Audience.allCases.filter { view.route(of: $0).answer == .served }
        return Set(served.filter { $0 != .outside || view.frontend.isForOutside }.map(\.client))
    }

    /// Who does where some ranges are: pods and nodes may be within them.
    private func clients(within ranges: [Prefix], _ frontend: Frontend, at destination: Endpoint) -> Set<Client> {
        let audiences = [Audience.pods, .node].filter {
            probe.exactEvaluation($0, frontend, at: destination).isServed
        }
        let served = ranges.filter { probe.evaluation(from: $0, frontend, at: destination).isServed }
        return Set(audiences.map(\.client) + served.map(Client.range))
    }

    /// Where the table knows no address of the node, nothing leads from a node port to its memory: it is that of the port's
    /// other frontends, on every node.
    private mutating func completeNodePorts() {
        var seconds: [ServicePortName: Int] = [:]
        for view in frontends { seconds[view.name] = seconds[view.name] ?? view.affinity }
        for index in frontends.indices where frontends[index].frontend.kind == .nodePort {
            frontends[index].affinity = frontends[index].affinity ?? seconds[frontends[index].name]
        }
    }
}

extension TableView {
    /// Whether at some external address or node port pods find an endpoint, as they did before, and clients outside find none: by
    /// the external traffic policy Local, which sends pods to endpoints on other nodes too.
    func podsFindMore(ofThose before: TableView) -> Bool {
        guard probe.tellsPods else { return false }
        return table.entrances(Reachability(of: table)).contains { entrance in
            let frontend = entrance.frontend
            guard frontend.isForOutside, let (destination, outside) = probe.find(frontend), !outside.isServed else {
                return false
            }
            return servesPods(frontend, at: destination)
                && before.probe.find(frontend).map { before.servesPods(frontend, at: $0.destination) } == true
        }
    }

    private func servesPods(_ frontend: Frontend, at destination: Endpoint) -> Bool {
        // Which addresses of the node serve node ports the table may not say by name; lists of sources are not about them.
        guard frontend.kind != .nodePort else {
            return probe.servesNodePorts && probe.evaluation(.pods, frontend, at: destination).isServed
        }
        return probe.exactEvaluation(.pods, frontend, at: destination).isServed
    }
}

extension Audience {
    fileprivate var client: Client {
        switch self {
        case .pods: .pods
        case .node: .nodes
        case .outside: .outside
        }
    }
}

extension Route {
    fileprivate init(_ evaluation: Evaluation) {
        var endpoints: [Endpoint] = []
        var shares: [Endpoint: Share] = [:]
        var (answer, isMasqueraded) = (Answer.ignored, false)
        evaluation.forEachOutcome { outcome, share in
            switch outcome.fate {
            case .dnat(let endpoint):
                if let known = shares[endpoint] {
                    shares[endpoint] = known + share ?? known
                } else {
                    shares[endpoint] = share
                    endpoints.append(endpoint)
                }
                isMasqueraded = outcome.isMasqueraded
            case .refused: answer = .refused
            case .dropped: answer = .dropped
            // Of what cannot be known no more can be said than that nothing is served.
            case .passed, .notKnown: break
            }
        }
        let first = endpoints.first.flatMap { shares[$0] }
        self.init(
            endpoints: endpoints, answer: endpoints.isEmpty ? answer : .served, isMasqueraded: isMasqueraded,
            isEven: shares.values.allSatisfy { $0 == first })
    }
}

extension Evaluation {
    /// For how long the client will find the same endpoint; nil if it is not remembered.
    fileprivate var secondsRemembered: Int? {
        var seconds: Int?
        forEachOutcome { outcome, _ in seconds = seconds ?? outcome.timeoutElements.first?.timeout }
        return seconds
    }

    fileprivate var isServed: Bool { Route(self).answer == .served }

    /// Whether a list of sources keeps the packet out.
    fileprivate var isHeldOff: Bool {
        guard case .outcome(let outcome) = ending, outcome.fate == .dropped else { return false }
        return steps.last?.rule.sets.contains(SetPurpose.sourceRanges.name) == true
    }
}
