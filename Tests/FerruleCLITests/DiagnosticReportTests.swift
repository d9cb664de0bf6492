// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import Foundation
import Testing

@testable import FerruleCLI

/// What `ferrule validate` prints for programs.
struct DiagnosticReportTests {
    private struct Log: Decodable {
        struct Run: Decodable { let results: [Finding] }
        struct Finding: Decodable { let locations: [Location] }
        struct Location: Decodable { let physicalLocation: Physical }
        struct Physical: Decodable, Equatable {
            struct Artifact: Decodable, Equatable { let uri: String }
            struct Region: Decodable, Equatable {
                let startLine: Int
                var startColumn: Int?
            }
            let artifactLocation: Artifact
            let region: Region
        }

        let runs: [Run]
    }

    // GitHub refuses a log for one result without: "locationFromSarifResult: expected at least one location".
    @Test(
        "each result of SARIF has a file and a line, also where it is about none",
        arguments: [("deploy/a b", "deploy/a%20b"), ("<stdin>", "%3Cstdin%3E")])
    func places(input: String, uri: String) throws {
        let report = DiagnosticReport(
            diagnostics: [
                Diagnostic(.warning, "of no place"),
                Diagnostic(.error, "of a file", origin: Origin(file: "web.yaml")),
            ], services: 1, input: input)
        let log = try JSONDecoder().decode(Log.self, from: Data(report.sarif.utf8))
        #expect(
            log.runs.flatMap(\.results).map { $0.locations.map(\.physicalLocation) }
                == [uri, "web.yaml"].map {
                    [Log.Physical(artifactLocation: .init(uri: $0), region: .init(startLine: 1))]
                })
    }
}
