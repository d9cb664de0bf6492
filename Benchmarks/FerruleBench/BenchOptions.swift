// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is wrong with how the benchmark was called, or with what it found.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The arguments of the benchmark.
struct BenchOptions {
    /// A measurement that this process is to make; nil for the benchmark as a whole, which starts such processes.
    private(set) var measurement: (name: String, request: String, result: String)?
    private(set) var parts = Part.allCases
    /// Tiny sizes, and no limits: shows that the benchmark works.
    private(set) var isSmoke = false
    private(set) var clusterPath = "Benchmarks/Data/cluster-10k.json.xz"
    /// Where the scaling curve goes; nil for nowhere.
    private(set) var plotPath: String?
    private(set) var runs = 5

    static let usage = """
        usage: ferrule-bench [--smoke] [--only PART[,PART]] [--cluster FILE.json[.xz]] [--runs N] [--plot FILE.svg]
        parts: \(Part.allCases.map(\.rawValue).joined(separator: ", "))
        """

    init(_ arguments: some Collection<String>) throws {
        var rest = arguments.makeIterator()
        func value(_ flag: String) throws -> String {
            guard let value = rest.next() else { throw BenchError("\(flag) needs a value\n\(Self.usage)") }
            return value
        }
        while let argument = rest.next() {
            switch argument {
            case "--smoke": (isSmoke, runs) = (true, 1)
            case "--only":
                let names = try value(argument).split(separator: ",").map(String.init)
                parts = try names.map { name in
                    guard let part = Part(rawValue: name) else { throw BenchError("\(name) is no part\n\(Self.usage)") }
                    return part
                }
            case "--cluster": clusterPath = try value(argument)
            case "--plot": plotPath = try value(argument)
            case "--runs":
                guard let number = Int(try value(argument)), number > 0 else { throw BenchError(Self.usage) }
                runs = number
            case "--measure": measurement = (try value(argument), try value(argument), try value(argument))
            default: throw BenchError("\(argument) is not known\n\(Self.usage)")
            }
        }
    }
}
