// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// `docs/fields.md` says what proves each of its lines.
@Suite("docs/fields.md")
struct FieldsDocumentTests {
    private let document: String
    /// All test sources in one text.
    private let tests: String

    init() throws {
        document = try String(contentsOf: Project.url("docs/fields.md"), encoding: .utf8)
        let folder = Project.url("Tests")
        tests = try Project.files(below: folder).filter { $0.hasSuffix(".swift") }.map { file in
            "// \(file)\n" + (try String(contentsOf: folder.appending(path: file), encoding: .utf8))
        }.joined()
    }

    @Test("every golden case named exists")
    func goldenCases() {
        let names = document.matches(of: #/`golden/([a-z0-9/-]+)`/#).map { String($0.1) }
        #expect(names.count > 60)
        for name in Set(names) { #expect(GoldenCase.all.contains { $0.name == name }, "golden/\(name)") }
    }

    @Test("every test named exists")
    func testFunctions() {
        // Of a suite without a function all count.
        let names = document.matches(of: #/`(\w+Tests)(?:\.(\w+))?`/#).map { (String($0.1), $0.2.map(String.init)) }
        #expect(names.count > 10)
        for (suite, function) in names {
            let start = tests.firstRange(of: "struct \(suite) ")?.upperBound ?? tests.endIndex
            let end = tests[start...].firstRange(of: "\n}\n")?.lowerBound ?? tests.endIndex
            let isThere = tests[start..<end].contains(function.map { "func \($0)(" } ?? "func ")
            #expect(isThere, "\(suite).\(function ?? "")")
        }
    }

    @Test("every table of packets named exists")
    func themes() {
        let names = document.matches(of: #/`PacketTheme\.(\w+)`/#).map { String($0.1) }
        #expect(names.count > 20)
        for name in Set(names) {
            let isThere = tests.contains("static let \(name) = PacketTheme(")
            #expect(isThere, "PacketTheme.\(name)")
        }
    }

    @Test("every line that is supported or ignored names something")
    func proofs() {
        let rows = document.split(separator: "\n").filter { $0.contains("| yes |") || $0.contains("| ignored |") }
        #expect(rows.count > 40)
        for row in rows {
            let proof = row.split(separator: "|").dropLast(row.hasSuffix("|") ? 0 : 1).last ?? ""
            #expect(proof.contains("`"), "\(row)")
        }
    }
}
