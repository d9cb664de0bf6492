// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `ferrule run` as a process of its own, following the tests' API server in this one.
struct AgentPart: MeasuredPart {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    #if APIServer
        func run() throws -> Section {
            let small = try measure(services: 30, changes: 0, floods: 0)
            let large = try measure(
                services: bench.isSmoke ? 100 : 10_001, changes: bench.isSmoke ? 20 : 2_000,
                floods: bench.isSmoke ? 1 : 3)
            return Section(details: details(small, large), limits: limits(small, large))
        }

        private func measure(services: Int, changes: Int, floods: Int) throws -> AgentCosts {
            try bench.measure(
                AgentRun(
                    ferrule: bench.ferrule, folder: bench.path("agent-\(services)"), services: services, endpoints: 10,
                    changes: changes, floods: floods))
        }

        private func details(_ small: AgentCosts, _ large: AgentCosts) -> String {
            var table = TextTable(["services of 10", "start ms", "resident MB", "at most MB"])
            for costs in [small, large] {
                table.add([
                    "\(costs.services)", milliseconds(costs.start), megabytes(costs.residentBytes),
                    megabytes(costs.peakBytes),
                ])
            }
            let times = large.commits.sorted().map { String(format: "%.2f", $0 * 1e3) }
            let slowest = times.suffix(5).joined(separator: " ")
            return table.text
                + "\n\n\(times.count) endpoints replaced, until the event of the commit: fastest \(times.first ?? "-") ms, "
                + "slowest \(slowest) ms\nresident after that: \(megabytes(large.laterBytes)) MB"
        }

        private func limits(_ small: AgentCosts, _ large: AgentCosts) -> [Limit] {
            [
                Limit("run: start to all rules, \(large.services) services", large.start, "s", .atMost(0.6)),
                Limit("run: event to commit, half of all", quantile(large.commits, 0.5) * 1e3, "ms"),
                Limit("run: event to commit, 99 of 100", quantile(large.commits, 0.99) * 1e3, "ms", .atMost(5)),
                Limit("run: processor time an event", large.processorSeconds * 1e3, "ms", .atMost(2)),
                Limit(
                    "run: resident, \(small.services) services", Double(small.residentBytes) / 1e6, "MB", .atMost(30)),
                Limit(
                    "run: resident, \(large.services) services", Double(large.laterBytes) / 1e6, "MB", .atMost(100)),
                Limit("run: flushed to repaired", (large.repairs.max() ?? 0) * 1e3, "ms", .atMost(100)),
            ]
        }

        private func quantile(_ values: [Double], _ part: Double) -> Double {
            let sorted = values.sorted()
            return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
        }
    #else
        func run() throws -> Section {
            Section(details: "left out: it is built without the trait APIServer", limits: [])
        }
    #endif
}
