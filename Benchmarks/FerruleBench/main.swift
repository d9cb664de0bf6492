// SPDX-License-Identifier: Apache-2.0
//
// ferrule-bench: measures the way of a cluster from JSON to the kernel. It changes the ruleset of the network namespace
// that it runs in, and so refuses to run in the machine's own; `make bench` gives it one.

import Foundation

do {
    let options = try BenchOptions(CommandLine.arguments.dropFirst())
    switch options.task {
    case .compare: exit(try Comparison(options).run() ? 0 : 1)
    case .round(let output): try Round.measure(options.clusterPath).write(to: output)
    case .decode: try PlainDecoding.decode(options.clusterPath)
    }
} catch {
    FileHandle.standardError.write(Data("ferrule-bench: \(error)\n".utf8))
    exit(1)
}
