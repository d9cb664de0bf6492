// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The tables that the benchmark prints.
struct Report {
    private let results: Results
    private let limits: [Limit]

    init(_ results: Results, hasLimits: Bool) {
        self.results = results
        limits = Limit.list(for: results).map { hasLimits ? $0 : $0.withoutBound }
    }

    var isWithinLimits: Bool { limits.allSatisfy(\.isMet) }

    var text: String {
        [heading, phaseTable, processTable, limitTable].joined(separator: "\n\n")
    }

    private var heading: String {
        guard let counts = results.rounds.first?.counts else { return "nothing was measured" }
        return """
            \(counts.services) services, \(counts.endpoints) endpoints, \(megabytes(counts.inputBytes)) MB of JSON
            \(counts.elements) elements in \(counts.messages) messages, \(megabytes(counts.batchBytes)) MB; \
            \(megabytes(counts.textBytes)) MB of nft text
            \(machine); \(results.rounds.count) runs in fresh processes, in turns
            """
    }

    private var machine: String {
        let release = try? String(contentsOf: URL(filePath: "/proc/sys/kernel/osrelease"), encoding: .utf8)
        let processors = ProcessInfo.processInfo.activeProcessorCount
        return "Linux \((release ?? "").trimmingCharacters(in: .newlines)), \(processors) processors"
    }

    private var phaseTable: String {
        var table = TextTable(["phase", "median ms", "fastest", "slowest", "peak MB"])
        for name in Round.PhaseName.allCases {
            let measured = results.rounds.compactMap { round in round.phases.first { $0.name == name } }
            table.add(name.rawValue, measured.map(\.seconds), measured.map(\.peakBytes))
        }
        return table.text
    }

    private var processTable: String {
        var table = TextTable(["whole process", "median ms", "fastest", "slowest", "peak MB"])
        table.add("ferrule apply", results.applies.map(\.seconds), results.applies.map(\.peakBytes))
        table.add("ferrule render", results.renders.map(\.seconds), results.renders.map(\.peakBytes))
        table.add("JSONDecoder alone", results.decodings.map(\.seconds), results.decodings.map(\.peakBytes))
        return table.text
    }

    private var limitTable: String {
        var table = TextTable(["target", "measured", "at most", ""])
        for limit in limits {
            table.add([limit.name, limit.text(limit.measured), limit.bound.map(limit.text) ?? "-", limit.verdict])
        }
        return table.text
    }
}

extension TextTable {
    fileprivate mutating func add(_ name: String, _ seconds: [Double], _ peaks: [Int]) {
        let times = [median(seconds), seconds.min() ?? 0, seconds.max() ?? 0]
        add([name] + times.map { decimal($0 * 1000) } + [megabytes(peaks.max() ?? 0)])
    }
}

/// The middle value, or the mean of the two in the middle.
func median(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// Millions of bytes with one decimal.
func megabytes(_ bytes: Int) -> String { decimal(Double(bytes) / 1_000_000) }

/// A number with one decimal.
func decimal(_ value: Double) -> String { String(format: "%.1f", value) }
