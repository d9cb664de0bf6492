// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleResolution
import FerruleRuleset
import NetworkLab
import RandomClusters
import Testing

/// Sends probes through rulesets in the kernel, and compares each with what the evaluator says.
struct AgreementRun {
    /// How many were compared.
    private(set) var probes = 0
    /// How many of these had several outcomes.
    private(set) var choices = 0
    /// How many were led on by what an earlier one had written.
    private(set) var recalled = 0
    /// How many came to each kind of end.
    private(set) var kinds: [String: Int] = [:]
    /// What was seen and not said.
    private(set) var disagreements: [String] = []
    /// By which rules of iptables the kernel serves the clusters instead of by nftables; nil for that.
    var iptables: IPTablesVariant?

    /// Runs `rounds` times as many probes through each of some clusters of a seed.
    mutating func run(seed: UInt64, clusters: Int, probes count: Int, rounds: Int = 3) throws {
        try Lab.with(RandomProbes.topology) { lab in
            try lab.serve([8080])
            var random = RandomProbes(seed: seed)
            for number in 0..<clusters {
                let cluster = random.cluster()
                let ruleset = RulesetCompiler.compile(cluster, .forTests)
                if let iptables {
                    // What is remembered of the cluster before goes with its rules.
                    try lab.node.bring(to: ResolvedCluster().iptables(), iptables)
                    try lab.node.bring(to: cluster.iptables(), iptables)
                } else {
                    try lab.node.apply(ruleset)
                }
                var prediction = Prediction(ruleset, in: lab.topology)
                for _ in 0..<rounds {
                    let probes = (0..<count).map { _ in random.probe(cluster) }
                    let batch = try AgreementBatch(probes.filter { isComparable($0, cluster) }, prediction)
                    try compare(batch, lab, &prediction, "seed \(seed), cluster \(number)")
                }
            }
        }
    }

    /// At a ClusterIP that is the node's own and serves node ports these are masqueraded by nftables alone.
    private func isComparable(_ probe: Probe, _ cluster: ResolvedCluster) -> Bool {
        iptables == nil || !cluster.ports.contains { $0.clusterIP == probe.destination }
            || !cluster.ports.contains { $0.nodePort?.number == probe.port }
    }

    private mutating func compare(
        _ batch: AgreementBatch, _ lab: Lab, _ prediction: inout Prediction, _ place: String
    ) throws {
        let seen = try lab.probe(batch.probes.map(\.probe))
        for (asked, seen) in zip(batch.probes, seen) {
            probes += 1
            let outcomes = asked.evaluation.outcomes
            let met = try outcomes.first { try prediction.explains(seen, of: asked.probe, by: $0.outcome) }
            guard let met else {
                disagreements.append(
                    "\(place): \(asked.probe): \(seen), but the evaluator says \(outcomes.map(\.outcome.fate))")
                continue
            }
            kinds[kind(met.outcome.fate), default: 0] += 1
            if outcomes.count > 1 { choices += 1 }
            if asked.evaluation.isRecalled { recalled += 1 }
            prediction.environment.take(met.outcome.timeoutElements)
        }
    }

    private func kind(_ fate: PacketOutcome.Fate) -> String {
        switch fate {
        case .dnat: "translated"
        case .refused: "refused"
        case .dropped: "dropped"
        case .passed: "passed"
        case .notKnown: "not known"
        }
    }
}

/// Probes that may be sent at once, each with what the evaluator says of it: none reads what another one writes.
struct AgreementBatch {
    private(set) var probes: [(probe: Probe, evaluation: Evaluation)] = []

    /// Takes those of some probes that have nothing to do with those before.
    init(_ all: [Probe], _ prediction: Prediction) throws {
        var written: Set<ElementPlace> = []
        for probe in all {
            let evaluation = try prediction.evaluation(of: probe)
            let places = Set(evaluation.outcomes.flatMap(\.outcome.timeoutElements).map { ElementPlace($0) })
            guard written.isDisjoint(with: places) else { continue }
            written.formUnion(places)
            probes.append((probe, evaluation))
        }
    }

    private struct ElementPlace: Hashable {
        let map: SetName
        let key: ElementKey

        init(_ element: TimeoutElement) { (map, key) = (element.map, element.key) }
    }
}

extension Evaluation {
    /// Whether its way was led on by what an earlier packet has written.
    var isRecalled: Bool {
        steps.contains { step in if case .affinity? = step.met?.set { true } else { false } }
    }
}
