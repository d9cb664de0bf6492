// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Whether time and memory grow with the number of elements and with nothing else; and the curve of it.
struct ScalingPart: MeasuredPart {
    private struct Shape {
        let model: SyntheticModel
        var runs: [PipelineCosts] = []
    }

    private let bench: Bench
    private var reference: Shape
    private var shapes: [Shape]

    init(_ bench: Bench) {
        self.bench = bench
        let scale = bench.isSmoke ? 100 : 1
        reference = Shape(model: SyntheticModel((10_001 / scale, 10)))
        shapes = [
            Shape(model: SyntheticModel((44_125 / scale, 1))),
            Shape(model: SyntheticModel((5_006 / scale, 50))),
            Shape(model: SyntheticModel((100_000 / scale, 10))),
            Shape(model: SyntheticModel((10_001 / scale, 10), (1, 1_000 / scale))),
            Shape(model: SyntheticModel((10_001 / scale, 10), (1, 5_000 / scale))),
        ]
    }

    mutating func run() throws -> Section {
        for _ in 0..<bench.runs {
            reference.runs.append(try bench.measure(PipelineRun(input: .model(reference.model))))
            for index in shapes.indices {
                shapes[index].runs.append(try bench.measure(PipelineRun(input: .model(shapes[index].model))))
            }
        }
        var curve = ScalingCurve(bench)
        try curve.measure()
        let plot = bench.options.plotPath ?? bench.path("scaling.svg")
        try Data(curve.plot.svg.utf8).write(to: URL(filePath: plot))
        return Section(details: "\(table)\n\n\(curve.table)", limits: limits)
    }

    private var table: String {
        var table = TextTable([
            "services x endpoints", "elements", "resolve ms", "compile", "encode", "commit", "ns/element", "B/element",
        ])
        for shape in [reference] + shapes {
            func value(_ path: KeyPath<PipelineCosts, Double>) -> Double {
                median(shape.runs.map { $0[keyPath: path] })
            }
            let times = [\PipelineCosts.resolve, \.compile, \.encode, \.commit].map { milliseconds(value($0)) }
            table.add(
                [shape.model.title, "\(shape.runs.first?.elements ?? 0)"] + times + [
                    decimal(value(\.nanosecondsPerElement)), decimal(value(\.peakBytesPerElement)),
                ])
        }
        return table.text
    }

    /// Ratios are taken within each round.
    private var limits: [Limit] {
        shapes.flatMap { shape in
            func ratio(_ path: KeyPath<PipelineCosts, Double>) -> Double {
                median(zip(shape.runs, reference.runs).map { $0[keyPath: path] / $1[keyPath: path] })
            }
            let most = shape.model.groups.first?.endpoints == 1 ? 1.3 : 1.5
            return [
                Limit("\(shape.model.title): time per element", ratio(\.nanosecondsPerElement), "x", .atMost(most)),
                Limit("\(shape.model.title): memory per element", ratio(\.peakBytesPerElement), "x", .atMost(most)),
            ]
        }
    }
}
