// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// A table as traffic sees it: its services, and the settings that hold for all of them.
struct TableView {
    private(set) var services: [ServiceView] = []
    let settings: TableSettings

    private let table: Table
    private let probe: TrafficProbe
    /// The sources that each key is open to; of keys that are open to some only.
    private let ranges: [ElementKey: [Prefix]]

    /// - Parameter selection: the services to look at; nil for all.
    init(_ table: Table, only selection: ServiceSelection?) {
        self.table = table
        let reached = Reachability(of: table)
        probe = TrafficProbe(table, reached)
        settings = TableSettings(table, reached, probe)
        let sources = table.sets.first { $0.purpose == .sourceRanges }?.elements ?? []
        ranges = Dictionary(grouping: sources.compactMap(\.key.serviceSource), by: \.service)
            .mapValues { $0.map(\.source) }
        let entrances = table.entrances(reached) { selection?.includes($0) ?? true }
        services = entrances.compactMap(view)
        if !probe.knowsNodeAddresses { completeNodePorts() }
    }

    /// nil where packets do not come there.
    private func view(_ entrance: Entrance) -> ServiceView? {
        let frontend = entrance.frontend
        guard let (destination, outside) = probe.find(frontend) else { return nil }
        let pods = probe.evaluation(.pods, frontend, at: destination)
        let node = probe.evaluation(.node, frontend, at: destination)
        return ServiceView(
            entrance.name, frontend, pods: Route(pods), node: Route(node), outside: Route(outside),
            sourceRanges: sourceRanges(frontend, at: destination),
            affinity: pods.secondsRemembered ?? outside.secondsRemembered ?? node.secondsRemembered)
    }

    /// nil for everybody.
    private func sourceRanges(_ frontend: Frontend, at destination: Endpoint) -> [Prefix]? {
        guard frontend.isForOutside, !ranges.isEmpty,
            probe.exactEvaluation(.outside, frontend, at: destination).isHeldOff
        else { return nil }
        return ranges[frontend.key] ?? []
    }

    /// Where the table knows no address of the node, nothing leads from a node port to its memory: it is that of the port's
    /// other frontends, on every node.
    private mutating func completeNodePorts() {
        var seconds: [ServicePortName: Int] = [:]
        for view in services { seconds[view.name] = seconds[view.name] ?? view.affinity }
        for index in services.indices where services[index].frontend.kind == .nodePort {
            services[index].affinity = services[index].affinity ?? seconds[services[index].name]
        }
    }
}

extension Route {
    fileprivate init(_ evaluation: Evaluation) {
        var endpoints: [Endpoint] = []
        var known: Set<Endpoint> = []
        var (answer, isMasqueraded) = (Answer.ignored, false)
        evaluation.forEachOutcome { outcome in
            switch outcome.fate {
            case .translated(let endpoint):
                if known.insert(endpoint).inserted { endpoints.append(endpoint) }
                isMasqueraded = outcome.isMasqueraded
            case .refused: answer = .refused
            case .dropped: answer = .dropped
            // Of what cannot be known no more can be said than that nothing is served.
            case .passed, .notKnown: break
            }
        }
        self.init(
            endpoints: endpoints, answer: endpoints.isEmpty ? answer : .served, isMasqueraded: isMasqueraded)
    }
}

extension Evaluation {
    /// For how long the client will find the same endpoint; nil if it is not remembered.
    fileprivate var secondsRemembered: Int? {
        var seconds: Int?
        forEachOutcome { seconds = seconds ?? $0.memories.first?.timeout }
        return seconds
    }

    /// Whether a list of sources keeps the packet out.
    fileprivate var isHeldOff: Bool {
        guard case .outcome(let outcome) = ending, outcome.fate == .dropped else { return false }
        return steps.last?.rule.sets.contains(SetPurpose.sourceRanges.name) == true
    }
}
