// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// What README.md says of speed is what docs/benchmarks.md has, missed limits included.
@Suite("README.md, How fast")
struct FiguresTests {
    /// What was measured, and a limit, as in docs/benchmarks.md: `1.58 x`, `<= 1.50 x`.
    private struct Figure: Hashable {
        let measured: String
        let limit: String
        let isMissed: Bool
    }

    private func lines(of file: String) throws -> [Substring] {
        try String(contentsOf: Project.url(file), encoding: .utf8).split(separator: "\n")
    }

    /// The rows of the table of all targets.
    private func targets() throws -> [Figure] {
        try lines(of: "docs/benchmarks.md").drop { !$0.hasPrefix("target  ") }.dropFirst(2).prefix { $0 != "```" }
            .map { line in
                let columns = line.split(separator: #/ {2,}/#).map(String.init)
                return Figure(
                    measured: columns[columns.count > 1 ? 1 : 0], limit: columns.count > 2 ? columns[2] : "-",
                    isMissed: columns.last == "FAIL")
            }
    }

    /// The rows of the README's table, of three columns.
    private func rows() throws -> [Figure] {
        let words = [("**missed**: ", ""), ("at most ", "<= "), ("at least ", ">= ")]
        return try lines(of: "README.md").drop { $0 != "## How fast" }.prefix { $0 != "## Licence" }
            .filter { $0.hasPrefix("| ") }.dropFirst(2).map { line in
                let columns = line.split(separator: " | ").map { $0.trimmingCharacters(in: ["|", " "]) }
                return Figure(
                    measured: columns[1], limit: words.reduce(columns[2]) { $0.replacing($1.0, with: $1.1) },
                    isMissed: columns[2].hasPrefix("**missed**"))
            }
    }

    @Test("each figure is one of the last run")
    func figures() throws {
        let (rows, targets) = (try rows(), Set(try targets()))
        #expect(rows.count > 10)
        for row in rows { #expect(targets.contains(row), "\(row)") }
    }

    @Test("every limit that is missed is told")
    func missed() throws {
        #expect(
            try targets().filter(\.isMissed).sorted { $0.measured < $1.measured }
                == rows().filter(\.isMissed).sorted { $0.measured < $1.measured })
    }
}
