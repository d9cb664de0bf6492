// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleStatements

/// A report in the XML that JUnit made common: a suite for each document, a case for each statement.
struct TestXML {
    private let report: TestReport

    init(_ report: TestReport) { self.report = report }

    var text: String {
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuites\(attributes([("tests", "\(report.count)"), ("failures", "\(report.failed)")]))>",
        ]
        for suite in report.suites {
            let counts = [
                ("name", suite.name), ("file", suite.file), ("tests", "\(suite.entries.count)"),
                ("failures", "\(suite.entries.count { !$0.result.holds })"),
            ]
            lines.append("  <testsuite\(attributes(counts))>")
            for entry in suite.entries { lines += testCase(entry, suite.name) }
            lines.append("  </testsuite>")
        }
        return (lines + ["</testsuites>"]).joined(separator: "\n")
    }

    private func testCase(_ entry: TestReport.Entry, _ suite: String) -> [String] {
        let names = [
            ("name", "\(entry.result.statement)"), ("classname", suite), ("file", entry.file),
            ("line", entry.location.map { "\($0.line)" } ?? ""),
        ].filter { !$0.1.isEmpty }
        guard !entry.result.holds else { return ["    <testcase\(attributes(names))/>"] }
        let failures = entry.result.failures
        let message = failures.map { $0.problem.text + $0.place }.joined(separator: "; ")
        let text = failures.map { failure in
            (["\(entry.place): does not hold\(failure.place): \(failure.problem.text)"]
                + failure.details(colored: false)).joined(separator: "\n")
        }.joined(separator: "\n")
        return [
            "    <testcase\(attributes(names))>",
            "      <failure\(attributes([("message", message)]))>\(escaped(text))</failure>",
            "    </testcase>",
        ]
    }

    private func attributes(_ list: [(String, String)]) -> String {
        list.map { " \($0)=\"\(escaped($1.printable))\"" }.joined()
    }

    /// Escapes what is markup, and writes what XML 1.0 has no characters for (section 2.2) as it is quoted elsewhere.
    private func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n": escaped += "\n"
            case "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
            default: escaped += String(scalar).printable
            }
        }
    }
}
