// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A target of the project: a figure and what it may be at most.
struct Limit {
    let name: String
    let measured: Double
    /// nil: the figure is only shown.
    var bound: Double?
    let unit: String

    var isMet: Bool { bound.map { measured <= $0 } ?? true }

    var verdict: String { bound == nil ? "" : isMet ? "pass" : "FAIL" }

    var withoutBound: Limit { Limit(name: name, measured: measured, bound: nil, unit: unit) }

    func text(_ value: Double) -> String { String(format: "%.2f", value) + unit }

    /// Ratios are taken within each run, since the machine may be busier in one than in another; then the median counts.
    static func list(for results: Results) -> [Limit] {
        let rounds = results.rounds
        func seconds(_ round: Round, _ names: Round.PhaseName...) -> Double {
            round.phases.filter { names.contains($0.name) }.reduce(0) { $0 + $1.seconds }
        }
        let peak = (results.applies.map(\.peakBytes).max() ?? 0)
        let input = rounds.first?.counts.inputBytes ?? 0
        return [
            Limit(
                name: "encode and commit", measured: median(rounds.map { seconds($0, .encode, .commit) }), bound: 0.5,
                unit: " s"),
            Limit(
                name: "ferrule apply, whole", measured: median(results.applies.map(\.seconds)), bound: 2.5, unit: " s"),
            Limit(name: "ferrule apply, peak memory", measured: Double(peak) / 1e6, bound: 500, unit: " MB"),
            Limit(
                name: "ferrule apply / JSONDecoder alone",
                measured: median(zip(results.applies, results.decodings).map { $0.seconds / $1.seconds }), bound: 2,
                unit: " x"),
            Limit(
                name: "resolve to commit / same bytes again",
                measured: median(
                    rounds.map { seconds($0, .resolve, .compile, .encode, .commit) / seconds($0, .recommit) }),
                unit: " x"),
            Limit(
                name: "peak memory / input", measured: input == 0 ? 0 : Double(peak) / Double(input), unit: " x"),
            Limit(
                name: "time per MB of text rendered",
                measured: median(rounds.map { seconds($0, .render) * 1e9 / Double(max($0.counts.textBytes, 1)) }),
                bound: nil, unit: " ms"),
        ]
    }
}
