// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One endpoint of a hundred thousand changed.
struct UpdatePart: MeasuredPart {
    private let bench: Bench

    init(_ bench: Bench) { self.bench = bench }

    func run() throws -> Section {
        let model = SyntheticModel((bench.isSmoke ? 100 : 10_001, 10))
        let costs = try bench.measure(UpdateRun(model: model, rounds: bench.isSmoke ? 1 : 4 * bench.runs))
        var table = TextTable(["\(model.title), one endpoint changed", "median ms", "fastest", "slowest"])
        func add(_ name: String, _ value: (UpdateCosts) -> Double) {
            let values = costs.map(value)
            table.add(
                [name]
                    + [median(values), values.min() ?? 0, values.max() ?? 0].map { String(format: "%.2f", $0 * 1e3) })
        }
        add("bare dump, thrown away") { $0.dump }
        add("read") { $0.read }
        add("plan") { $0.plan }
        add("commit, until the kernel answers") { $0.commit }
        add("closing the socket") { $0.close }
        add("all of it") { $0.all }
        add("read and plan, nothing changed") { $0.unchanged }
        let bytes = costs.first?.dumpedBytes ?? 0
        let sent = median(costs.map { Double($0.elements) })
        return Section(
            details: table.text + "\n\n\(megabytes(bytes)) MB dumped; \(decimal(sent)) elements added or removed",
            limits: limits(costs))
    }

    /// The first limit is either of two: some milliseconds, or near the dump where that alone takes longer.
    private func limits(_ costs: [UpdateCosts]) -> [Limit] {
        let dump = median(costs.map(\.dump))
        let time = median(costs.map(\.all))
        let ratio = median(costs.map { $0.all / $0.dump })
        return [
            Limit("one endpoint: bare dump", dump * 1e3, "ms"),
            time <= 0.03
                ? Limit("one endpoint: read, plan and commit", time * 1e3, "ms", .atMost(30))
                : Limit("one endpoint: read, plan and commit / bare dump", ratio, "x", .atMost(2)),
            Limit("one endpoint: commit", median(costs.map(\.commit)) * 1e3, "ms", .atMost(1)),
            Limit("nothing changed: read and plan / bare dump", median(costs.map { $0.unchanged / $0.dump }), "x"),
        ]
    }
}
