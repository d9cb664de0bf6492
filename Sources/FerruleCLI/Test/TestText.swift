// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleStatements
internal import FerruleText

/// A report for people: what does not hold, what holds instead and why, and a line that counts.
struct TestText {
    private let report: TestReport
    private let isColored: Bool

    init(_ report: TestReport, colored: Bool) { (self.report, isColored) = (report, colored) }

    /// - Parameter showsAll: lists what holds too.
    func text(showsAll: Bool) -> String {
        (report.entries.compactMap { entry in
            entry.result.holds ? (showsAll ? holding(entry) : nil) : failing(entry)
        } + [count]).joined(separator: "\n")
    }

    private func holding(_ entry: TestReport.Entry) -> String {
        "\(entry.place): ".printable + "holds: \(entry.result.statement)".printable
    }

    private func failing(_ entry: TestReport.Entry) -> String {
        entry.result.failures.map { failure in
            let verdict = isColored ? TerminalStyle.boldRed.applied(to: failure.verdict) : failure.verdict
            let head =
                "\(entry.place): ".printable + verdict
                + "\(failure.place(in: entry.result)): \(entry.result.statement): \(failure.problem.text)".printable
            let details = failure.details(colored: isColored)
            return details.isEmpty
                ? head : head + "\n" + details.map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// `12 statements, 11 hold, 1 does not`
    private var count: String {
        let (all, failed) = (report.count, report.failed)
        let total = counted(all, "statement")
        if failed == 0 { return all == 1 ? "\(total), which holds" : "\(total), all hold" }
        let held = all - failed
        return "\(total), \(held) \(held == 1 ? "holds" : "hold"), \(failed) \(failed == 1 ? "does" : "do") not"
    }
}

extension StatementFailure {
    /// What holds instead, and why: lines.
    func details(colored: Bool) -> [String] {
        let hint = problem.hint.map { ["hint: \($0)".printable] } ?? []
        guard let answer = problem.answer else { return hint }
        let text = TraceText(answer, colored: colored).text
        return hint + text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}

extension StatementChecker.Failure {
    /// - Parameter tests: those in which the node is named.
    func diagnostic(of tests: [TrafficTest]) -> Diagnostic {
        switch self {
        case .unknownNode(let name, let known):
            for test in tests {
                for statement in test.statements {
                    guard case .named(let names) = statement.nodes, let place = names.firstIndex(of: name) else {
                        continue
                    }
                    let field = (statement.origin?.path ?? FieldPath())["onNodes"]
                    return Diagnostic(
                        .error, "there is no node \(quoted(name))", object: "TrafficTest \(test.name)",
                        // One name may stand without a list.
                        field: names.count == 1 ? field : field[place], origin: test.origin,
                        hint: "the input "
                            + (known.isEmpty ? "names no node" : "has \(known.prefix(10).joined(separator: ", "))"))
                }
            }
            return Diagnostic(.error, "there is no node \(quoted(name))")
        }
    }
}
