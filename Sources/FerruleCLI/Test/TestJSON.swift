// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleStatements

/// The JSON of `test`, version 1, documented in docs/test-json.md.
struct TestJSON: Encodable {
    struct Failure: Encodable {
        let nodes: [String]
        let problem: String
        let hint: Nullable<String>
        let trace: Nullable<TraceJSON>
    }

    struct Statement: Encodable {
        let test: String
        let file: String
        let line: Nullable<Int>
        let statement: String
        let from: String
        let to: String
        let holds: Bool
        let nodes: [String]
        let failures: [Failure]
    }

    let version = 1
    let count: Int
    let failed: Int
    let statements: [Statement]

    init(_ report: TestReport) {
        (count, failed) = (report.count, report.failed)
        statements = report.suites.flatMap { suite in
            suite.entries.map { entry in
                let result = entry.result
                return Statement(
                    test: suite.name, file: entry.file, line: Nullable(entry.location?.line),
                    statement: "\(result.statement)", from: result.statement.fromWords,
                    to: result.statement.toWords, holds: result.holds, nodes: result.nodes.compactMap(\.self),
                    failures: result.failures.map { failure in
                        Failure(
                            nodes: failure.nodes.compactMap(\.self), problem: failure.problem.text,
                            hint: Nullable(failure.problem.hint),
                            trace: Nullable(failure.problem.answer.map(TraceJSON.init)))
                    })
            }
        }
    }
}
