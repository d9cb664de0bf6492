// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Text out and text in: how fast a ruleset is written, and YAML read.
struct TextPart: MeasuredPart {
    private let bench: Bench
    private static let sample = "Tests/Data/shop-cluster.yaml"

    init(_ bench: Bench) { self.bench = bench }

    func run() throws -> Section {
        let yaml = bench.path("shop.yaml")
        let copies = bench.isSmoke ? 2 : 200
        let document = try String(contentsOf: URL(filePath: Self.sample), encoding: .utf8)
        let text = [String](repeating: document, count: copies).joined(separator: "---\n")
        try Data(text.utf8).write(to: URL(filePath: yaml))
        let model = SyntheticModel((bench.isSmoke ? 100 : 10_001, 10))
        var rendered: [PipelineCosts] = []
        var (own, plain): ([Double], [Double]) = ([], [])
        for run in 0..<bench.runs {
            rendered.append(try bench.measure(PipelineRun(input: .model(model))))
            guard run < 2 else { continue }
            own.append(try bench.measure(YAMLReading(path: yaml, isPlain: false)))
            plain.append(try bench.measure(YAMLReading(path: yaml, isPlain: true)))
        }
        let speed = median(rendered.map { Double($0.textBytes) / 1e6 / $0.render })
        let megabytesRead = Double(text.utf8.count) / 1e6
        var table = TextTable(["text", "MB", "ms", "MB/s"])
        func add(_ name: String, _ size: Double, _ time: Double) {
            table.add([name, decimal(size), milliseconds(time), decimal(size / time)])
        }
        add("render nft text", Double(rendered.first?.textBytes ?? 0) / 1e6, median(rendered.map(\.render)))
        add("Ferrule reads YAML", megabytesRead, median(own))
        add("YAMLDecoder alone", megabytesRead, median(plain))
        return Section(
            details: table.text,
            limits: [
                Limit("render", speed, "MB/s", .atLeast(100)),
                Limit(
                    "YAMLDecoder alone / YAML read by Ferrule", median(zip(plain, own).map { $0 / $1 }), "x",
                    .atLeast(3)),
            ])
    }
}
