// SPDX-License-Identifier: Apache-2.0

/// Seconds by number of services, ten endpoints each: Ferrule's own way, nft's reading of Ferrule's text, and nft's reading of
/// kube-proxy's ruleset cut to as many services.
struct ScalingCurve {
    private struct Point {
        let services: Int
        let own: Double
        let ownText: Double
        var peerText: Double?
    }

    private let bench: Bench
    private var points: [Point] = []

    init(_ bench: Bench) { self.bench = bench }

    mutating func measure() throws {
        let sizes = bench.isSmoke ? [10, 32, 100] : [100, 316, 1_000, 3_162, 10_001, 31_623, 100_000]
        let listed = try PeerRuleset.read(bench)
        let (text, peerText) = (bench.path("curve.nft"), bench.path("curve-kube-proxy.nft"))
        for size in sizes {
            let input = PipelineRun.Input.model(SyntheticModel((size, 10)))
            let own = try bench.measure(PipelineRun(input: input, textPath: text))
            let load = try bench.measure(TextLoad(path: text))
            var point = Point(services: size, own: own.all, ownText: load.seconds)
            if size <= 10_001 {
                try listed.cut(to: size).write(to: peerText)
                point.peerText = try bench.measure(TextLoad(path: peerText)).seconds
            }
            points.append(point)
        }
    }

    var table: String {
        var table = TextTable(["services x 10", "Ferrule ms", "nft -f, Ferrule's text", "nft -f, kube-proxy's"])
        for point in points {
            let peer = point.peerText.map(milliseconds) ?? "-"
            table.add(["\(point.services)", milliseconds(point.own), milliseconds(point.ownText), peer])
        }
        return table.text
    }

    var plot: Plot {
        func line(_ name: String, _ value: (Point) -> Double?) -> Plot.Line {
            Plot.Line(
                name: name,
                points: points.compactMap { point in value(point).map { (Double(point.services), $0) } })
        }
        return Plot(
            title: "Services of ten endpoints into an empty kernel", xTitle: "services", yTitle: "seconds",
            lines: [
                line("nft -f, kube-proxy's ruleset") { $0.peerText },
                line("nft -f, Ferrule's ruleset") { $0.ownText },
                line("Ferrule, resolve to commit") { $0.own },
            ])
    }
}
