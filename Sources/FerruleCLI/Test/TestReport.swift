// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleStatements

/// What came of the statements of some documents.
struct TestReport {
    struct Entry {
        let result: StatementResult
        /// Where the statement stands.
        let file: String
        let location: SourceLocation?
    }

    struct Suite {
        let name: String
        let file: String
        var entries: [Entry] = []
    }

    let suites: [Suite]

    /// - Parameter results: one for each statement of the tests, in their order.
    init(_ tests: [TrafficTest], _ results: [StatementResult], locate: (Origin) -> SourceLocation?) {
        var rest = results[...]
        suites = tests.map { test in
            let own = rest.prefix(test.statements.count)
            rest = rest.dropFirst(test.statements.count)
            let entries = own.map { result in
                Entry(result: result, file: test.origin.file, location: result.statement.origin.flatMap(locate))
            }
            return Suite(name: test.name, file: test.origin.file, entries: entries)
        }
    }

    var entries: [Entry] { suites.flatMap(\.entries) }
    var count: Int { entries.count }
    var failed: Int { entries.count { !$0.result.holds } }
}

extension TestReport.Entry {
    /// `traffic.yaml:7:5`
    var place: String { location.map { "\(file):\($0.line):\($0.column)" } ?? file }
}

extension StatementFailure {
    /// What became of the statement.
    var verdict: String { problem.answer == nil ? "cannot be asked" : "does not hold" }

    /// ` on node-a, node-b`; empty where no node that was asked has a name.
    ///
    /// - Parameter result: what it is a failure of.
    func place(in result: StatementResult) -> String {
        guard result.nodes.contains(where: { $0 != nil }) else { return "" }
        let names = nodes.compactMap(\.self) + (nodes.contains(nil) ? ["nodes without an endpoint"] : [])
        return names.isEmpty ? "" : " on " + names.joined(separator: ", ")
    }
}
