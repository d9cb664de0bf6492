// SPDX-License-Identifier: Apache-2.0
//
// ferrule-bench: measures the way of a cluster from JSON to the kernel. It changes the ruleset of the network namespace
// that it runs in, and so refuses to run in the machine's own; `make bench` gives it one.

import FerruleMemory
import Foundation

// As the program does.
ProcessMemory.returnLargeBlocks()
do {
    let options = try BenchOptions(CommandLine.arguments.dropFirst())
    if let measurement = options.measurement {
        try Measurements.perform(measurement.name, request: measurement.request, result: measurement.result)
    } else {
        exit(try runParts(of: Bench(options)) ? 0 : 1)
    }
} catch {
    FileHandle.standardError.write(Data("ferrule-bench: \(error)\n".utf8))
    exit(1)
}

/// Prints what each part finds as soon as it is done, and the table of targets at the end; false if one was missed.
func runParts(of bench: Bench) throws -> Bool {
    defer { bench.removeFiles() }
    FileHandle.standardOutput.write(Data((Report.machine + "\n").utf8))
    var limits: [Limit] = []
    for part in bench.options.parts {
        let (section, time) = try seconds { try part.run(bench) }
        let text = "\n== \(part.rawValue) (\(decimal(time)) s)\n\n\(section.details)\n"
        FileHandle.standardOutput.write(Data(text.utf8))
        limits += section.limits.map { bench.isSmoke ? $0.withoutBound : $0 }
    }
    let report = Report(limits)
    print("\n\(report.text)")
    return report.isWithinLimits
}
