// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is wrong with how the benchmark was called, or with what it found.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The arguments of the benchmark.
struct BenchOptions {
    /// What this process is to do: each measured run is a process of its own, so that none finds memory of the last.
    enum Task {
        /// The benchmark as a whole, which runs the others.
        case compare
        /// The phases once, with the result written to a file.
        case round(output: String)
        /// Foundation's JSON decoder alone.
        case decode
    }

    private(set) var task = Task.compare
    /// A small made-up cluster instead of the large one, and no limits: shows that the benchmark works.
    private(set) var isSmoke = false
    private(set) var clusterPath = "Benchmarks/Data/cluster-10k.json.xz"
    private(set) var runs = 7

    static let usage = "usage: ferrule-bench [--smoke] [--cluster FILE.json[.xz]] [--runs N]"

    init(_ arguments: some Collection<String>) throws {
        var rest = arguments.makeIterator()
        func value(_ flag: String) throws -> String {
            guard let value = rest.next() else { throw BenchError("\(flag) needs a value; \(Self.usage)") }
            return value
        }
        while let argument = rest.next() {
            switch argument {
            case "--smoke": (isSmoke, runs) = (true, 1)
            case "--cluster": clusterPath = try value(argument)
            case "--runs":
                guard let number = Int(try value(argument)), number > 0 else { throw BenchError(Self.usage) }
                runs = number
            case "--round": task = .round(output: try value(argument))
            case "--decode": task = .decode
            default: throw BenchError("\(argument) is not known; \(Self.usage)")
            }
        }
    }
}
