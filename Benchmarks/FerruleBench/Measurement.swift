// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Something that is measured in a process of its own, so that no measurement finds memory of the last; in most cases also
/// in a network namespace of its own. What to do travels to that process as JSON, and what it found travels back.
protocol Measurement: Codable {
    associatedtype Result: Codable

    /// Called in the new process.
    func measure() throws -> Result
}

extension Measurement {
    static var name: String { "\(Self.self)" }

    /// Reads what to do, does it, and writes what was found.
    fileprivate static func perform(request: String, result: String) throws {
        let measurement = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: request)))
        try JSONEncoder().encode(measurement.measure()).write(to: URL(filePath: result))
    }
}

/// The names by which a new process finds out what it is to measure.
enum Measurements {
    private static var all: [any Measurement.Type] {
        var all: [any Measurement.Type] = [
            RoundRun.self, JSONDecoding.self, PipelineRun.self, TextLoad.self, UpdateRun.self, YAMLReading.self,
            ConnectionRun.self, FollowRun.self, EvaluateRun.self, IPTablesRun.self,
        ]
        #if APIServer
            all.append(AgentRun.self)
        #endif
        return all
    }

    static func perform(_ name: String, request: String, result: String) throws {
        guard let type = all.first(where: { $0.name == name }) else { throw BenchError("\(name) is no measurement") }
        try type.perform(request: request, result: result)
    }
}
