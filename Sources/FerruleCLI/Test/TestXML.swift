// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerrulePictures
internal import FerruleStatements

/// A report in the XML that JUnit made common: a suite for each document, a case for each statement.
struct TestXML {
    private let report: TestReport

    init(_ report: TestReport) { self.report = report }

    var text: String {
        var markup = Markup(prologue: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        markup.block("testsuites", [("tests", "\(report.count)"), ("failures", "\(report.failed)")]) { markup in
            for suite in report.suites {
                let counts: Markup.Attributes = [
                    ("name", suite.name), ("file", suite.file), ("tests", "\(suite.entries.count)"),
                    ("failures", "\(suite.entries.count { !$0.result.holds })"),
                ]
                markup.block("testsuite", counts) { markup in
                    for entry in suite.entries { testCase(entry, suite.name, &markup) }
                }
            }
        }
        return markup.text
    }

    private func testCase(_ entry: TestReport.Entry, _ suite: String, _ markup: inout Markup) {
        let names: Markup.Attributes = [
            ("name", "\(entry.result.statement)"), ("classname", suite), ("file", entry.file),
            ("line", entry.location.map { "\($0.line)" }),
        ].filter { $0.1?.isEmpty == false }
        guard !entry.result.holds else { return markup.void("testcase", names) }
        let failures = entry.result.failures
        let message = failures.map { $0.problem.text + $0.place(in: entry.result) }.joined(separator: "; ")
        let text = failures.map { failure in
            (["\(entry.place): \(failure.verdict)\(failure.place(in: entry.result)): \(failure.problem.text)"]
                + failure.details(colored: false)).joined(separator: "\n")
        }.joined(separator: "\n")
        markup.block("testcase", names) { markup in
            markup.line("failure", [("message", message)]) { $0.lines(text) }
        }
    }
}
