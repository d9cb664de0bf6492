// SPDX-License-Identifier: Apache-2.0

/// What becomes of packets, as `ferrule trace` asks it: many of them against a large cluster.
struct EvaluatePart: MeasuredPart {
    private let bench: Bench
    private let model: SyntheticModel
    private let packets: Int

    init(_ bench: Bench) {
        self.bench = bench
        model = SyntheticModel((bench.isSmoke ? 100 : 10_001, 10))
        packets = bench.isSmoke ? 1_000 : 100_000
    }

    func run() throws -> Section {
        var runs: [EvaluateRun.Costs] = []
        for _ in 0..<bench.runs { runs.append(try bench.measure(EvaluateRun(model: model, packets: packets))) }
        let seconds = median(runs.map(\.seconds))
        var table = TextTable(["processor time", "packets", "outcomes", "ms", "microseconds a packet"])
        table.add([
            "evaluated against \(model.title)", "\(packets)", "\(runs.first?.outcomes ?? 0)", milliseconds(seconds),
            decimal(seconds * 1e6 / Double(packets)),
        ])
        return Section(
            details: table.text, limits: [Limit("100,000 packets evaluated", seconds, "s", .atMost(2))])
    }
}
