// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Changes of single services where the state of the whole cluster is kept: from the change of an object to the encoded
/// transaction. Processor time, since that does not depend on what else the machine does.
struct FollowPart: MeasuredPart {
    private let bench: Bench
    private let small: SyntheticModel
    private let large: SyntheticModel

    init(_ bench: Bench) {
        self.bench = bench
        small = SyntheticModel((bench.isSmoke ? 100 : 10_001, 10))
        large = SyntheticModel((bench.isSmoke ? 1_000 : 100_000, 10))
    }

    func run() throws -> Section {
        let rounds = bench.isSmoke ? 5 : 200
        let few = try bench.measure(FollowRun(model: small, rounds: rounds, batch: bench.isSmoke ? 100 : 10_000))
        let many = try bench.measure(FollowRun(model: large, rounds: rounds, batch: 0))
        return Section(details: details(few, many), limits: limits(few, many))
    }

    private func details(_ few: FollowCosts, _ many: FollowCosts) -> String {
        var table = TextTable([
            "processor time, microseconds", small.title, "slowest", large.title, "slowest", "contributions", "compared",
            "bytes",
        ])
        for kind in FollowedChange.allCases {
            let changes = [few, many].compactMap { $0.changes.first { $0.kind == kind } }
            let times = changes.flatMap { change -> [Double] in [median(change.seconds), change.seconds.max() ?? 0] }
            let most = [\FollowCosts.Change.contributions, \.compared, \.bytes].map { path in
                changes.map { $0[keyPath: path] }.max() ?? 0
            }
            table.add([kind.rawValue] + times.map { decimal($0 * 1e6) } + most.map(String.init))
        }
        let batches = [few.batch, few.tenth, few.fold].map { milliseconds(median($0)) }
        return table.text
            + "\n\none batch of changes: \(batches[0]) ms; of a tenth: \(batches[1]) ms; a fold: \(batches[2]) ms"
    }

    private func limits(_ few: FollowCosts, _ many: FollowCosts) -> [Limit] {
        let endpoints = Double(large.groups.reduce(0) { $0 + $1.services * $1.endpoints })
        let one = median(few[.endpoint])
        let others = FollowedChange.allCases.dropFirst().map { kind in
            Limit("followed: \(kind.rawValue)", median(few[kind]) * 1e3, "ms", .atMost(1))
        }
        let contributions = (few.changes + many.changes).map(\.contributions).max() ?? 0
        let compared = (few.changes + many.changes).map(\.compared).max() ?? 0
        let own = (small.groups.first?.endpoints ?? 0) + 1
        return [
            Limit("followed: one endpoint replaced", one * 1e3, "ms", .atMost(0.2)),
            Limit("the same at \(large.title) / at \(small.title)", median(many[.endpoint]) / one, "x", .atMost(1.2)),
        ] + others + [
            Limit("contributions computed for a change", Double(contributions), "", .atMost(1)),
            // Each endpoint before and after, and what leads to them.
            Limit("elements compared for a change", Double(compared), "", .atMost(Double(2 * own + 8))),
            Limit("one batch of 10,000 changes / a fold", median(few.batch) / median(few.fold), "x", .atMost(1.2)),
            Limit(
                "one batch of 10,000 changes / ten of 1,000", median(few.batch) / median(few.tenth) / 10, "x",
                .atMost(1.2)),
            Limit("state kept, \(large.title)", Double(many.residentBytes) / endpoints, "B/endpoint", .atMost(300)),
            Limit(
                "the same after one endpoint of each service was replaced", Double(many.usedBytes) / endpoints,
                "B/endpoint"),
        ]
    }
}
