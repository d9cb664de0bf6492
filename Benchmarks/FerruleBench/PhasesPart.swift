// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The way of the large cluster from JSON to the kernel, phase by phase and as whole processes, in turns, so that what else
/// the machine does hits all of it alike.
struct PhasesPart: MeasuredPart {
    private let bench: Bench
    private var rounds: [Round] = []
    /// `ferrule apply` as a whole.
    private var applies: [ChildProcess] = []
    /// `ferrule render` as a whole.
    private var renders: [ChildProcess] = []
    /// `ferrule validate` as a whole: reading and checking, which every command does first.
    private var readings: [ChildProcess] = []
    private var listings: [ChildProcess] = []
    private var traces: [ChildProcess] = []
    /// A program that only decodes the JSON.
    private var decodings: [ChildProcess] = []

    init(_ bench: Bench) { self.bench = bench }

    mutating func run() throws -> Section {
        let cluster = try bench.clusterFile()
        for _ in 0..<bench.runs {
            rounds.append(try bench.measure(RoundRun(path: cluster)))
            applies.append(try ChildProcess.run(bench.ferrule, ["apply", "-q", "-f", cluster]))
            _ = try ChildProcess.run(bench.ferrule, ["delete"])
            renders.append(try ChildProcess.run(bench.ferrule, ["render", "-q", "-f", cluster]))
            readings.append(try ChildProcess.run(bench.ferrule, ["validate", "-q", "-f", cluster]))
            listings.append(try ChildProcess.run(bench.ferrule, ["get", "-q", "-f", cluster]))
            let question = ["--from", "outside", "--to", "10.96.0.1:443"]
            traces.append(try ChildProcess.run(bench.ferrule, ["trace", "-q", "-f", cluster] + question))
            decodings.append(try bench.observe(JSONDecoding(path: cluster)).process)
        }
        return Section(details: [heading, phaseTable, processTable].joined(separator: "\n\n"), limits: limits)
    }

    private var heading: String {
        guard let counts = rounds.first?.counts else { return "nothing was measured" }
        return """
            \(counts.services) services, \(counts.endpoints) endpoints, \(megabytes(counts.inputBytes)) MB of JSON
            \(counts.elements) elements in \(counts.messages) messages, \(megabytes(counts.batchBytes)) MB; \
            \(megabytes(counts.textBytes)) MB of nft text
            \(rounds.count) runs in fresh processes, in turns
            """
    }

    private var phaseTable: String {
        var table = TextTable(["phase", "median ms", "fastest", "slowest", "peak MB"])
        for name in Round.PhaseName.allCases {
            let measured = rounds.compactMap { round in round.phases.first { $0.name == name } }
            table.add(name.rawValue, measured.map(\.seconds), measured.map(\.peakBytes))
        }
        return table.text
    }

    private var processTable: String {
        var table = TextTable(["whole process", "median ms", "fastest", "slowest", "peak MB"])
        table.add("ferrule apply", applies.map(\.seconds), applies.map(\.peakBytes))
        table.add("ferrule render", renders.map(\.seconds), renders.map(\.peakBytes))
        table.add("ferrule validate", readings.map(\.seconds), readings.map(\.peakBytes))
        table.add("ferrule get", listings.map(\.seconds), listings.map(\.peakBytes))
        table.add("ferrule trace", traces.map(\.seconds), traces.map(\.peakBytes))
        table.add("JSONDecoder alone", decodings.map(\.seconds), decodings.map(\.peakBytes))
        return table.text
    }

    /// Ratios are taken within each run, since the machine may be busier in one than in another; then the median counts.
    private var limits: [Limit] {
        let peak = Double(applies.map(\.peakBytes).max() ?? 0)
        let ratios = zip(applies, decodings).map { $0.seconds / $1.seconds }
        let input = Double(max(rounds.first?.counts.inputBytes ?? 0, 1))
        return [
            Limit("apply from JSON / JSONDecoder alone", median(ratios), "x", .atMost(2)),
            Limit("apply from JSON, peak memory / input", peak / input, "x", .atMost(6)),
            Limit("get / reading and checking alone", ratio(listings), "x", .atMost(1.2)),
            Limit("trace / reading and checking alone", ratio(traces), "x", .atMost(1.2)),
        ]
    }
}

extension PhasesPart {
    /// What processes take of what reading alone takes in the same turn.
    private func ratio(_ processes: [ChildProcess]) -> Double {
        median(zip(processes, readings).map { $0.seconds / $1.seconds })
    }
}

extension TextTable {
    fileprivate mutating func add(_ name: String, _ seconds: [Double], _ peaks: [Int]) {
        let times = [median(seconds), seconds.min() ?? 0, seconds.max() ?? 0]
        add([name] + times.map(milliseconds) + [megabytes(peaks.max() ?? 0)])
    }
}
