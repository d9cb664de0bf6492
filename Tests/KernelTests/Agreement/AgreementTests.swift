// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleRuleset
import Glibc
import NetworkLab
import RandomClusters
import Testing

/// The evaluator is an interpreter of what the kernel does: the kernel is the judge.
@Suite("The evaluator and the kernel", .needsNamespaces)
struct AgreementTests {
    /// Probes in all; `AGREE` says another number, as `make agree` does.
    private static let wanted = unsafe getenv("AGREE").flatMap { unsafe Int(String(cString: $0)) } ?? 4000

    private static let seeds = 0..<UInt64(4)

    @Test("Packets go where the evaluator says", arguments: seeds)
    func agree(seed: UInt64) throws {
        var run = AgreementRun()
        // A lab has ports for some 50,000 probes.
        let share = Self.wanted / Self.seeds.count
        var lab: UInt64 = 0
        while run.probes < share {
            try run.run(seed: seed << 32 + lab, clusters: min(24, max(6, share / 360)), probes: 120)
            lab += 1
            guard run.disagreements.count < 20 else { break }
        }
        #expect(run.disagreements == [])
        // All that may become of packets has been tried.
        #expect(run.kinds.count == 4, "\(run.kinds)")
        #expect(run.choices > run.probes / 20 && run.recalled > 0, "\(run)")
        guard Self.wanted > 4000 else { return }
        print("agreement: \(run.probes) probes, \(run.kinds), \(run.choices) by chance, \(run.recalled) recalled")
    }

    /// The rules of iptables are made without a look at the ruleset that the evaluator reads.
    @Test("Packets through iptables go there too", arguments: IPTablesVariant.allCases)
    func iptables(variant: IPTablesVariant) throws {
        var run = AgreementRun()
        run.iptables = variant
        try run.run(seed: 77, clusters: Self.wanted > 4000 ? 100 : 6, probes: 160, rounds: 2)
        #expect(run.disagreements == [])
        #expect(run.kinds.count == 4, "\(run.kinds)")
        #expect(run.choices > run.probes / 20 && run.recalled > 0, "\(run)")
    }

    @Test("Each outcome has its share", arguments: 0..<2 as Range<UInt64>)
    func shares(seed: UInt64) throws {
        try Lab.with(RandomProbes.topology) { lab in
            try lab.serve([8080])
            var random = RandomProbes(seed: 100 + seed)
            var judged = 0
            while judged < 4 {
                let cluster = random.cluster()
                let ruleset = RulesetCompiler.compile(cluster, .forTests)
                let prediction = Prediction(ruleset, in: lab.topology)
                let asked = try (0..<60).lazy.map { _ in random.probe(cluster) }.map { probe in
                    (probe: probe, outcomes: try prediction.evaluation(of: probe).outcomes)
                }.first { $0.outcomes.count > 1 && $0.outcomes.allSatisfy(\.outcome.timeoutElements.isEmpty) }
                guard let asked else { continue }
                judged += 1
                try lab.node.apply(ruleset)
                var counts = asked.outcomes.map { _ in 0 }
                for _ in 0..<5 {
                    for seen in try lab.probe(Array(repeating: asked.probe, count: 200), timeout: .seconds(2)) {
                        let place = try asked.outcomes.firstIndex { outcome in
                            try prediction.explains(seen, of: asked.probe, by: outcome.outcome)
                        }
                        counts[try #require(place, "\(asked.probe): \(seen)")] += 1
                    }
                }
                let shares = asked.outcomes.map(\.share.value)
                #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
                #expect(ChiSquare(counts, shares).isLikely, "\(asked.probe): \(counts)")
            }
        }
    }
}
