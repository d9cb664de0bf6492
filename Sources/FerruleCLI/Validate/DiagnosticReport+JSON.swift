// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FoundationEssentials

extension DiagnosticReport {
    /// The JSON, documented in docs/validate.md.
    var json: String {
        get throws {
            try JSONText.encode(
                JSON(
                    valid: errors == 0, errors: errors, warnings: warnings,
                    diagnostics: diagnostics.map(DiagnosticJSON.init)))
        }
    }

    private struct JSON: Encodable {
        var version = 1
        var valid: Bool
        var errors: Int
        var warnings: Int
        var diagnostics: [DiagnosticJSON]
    }

    /// The Static Analysis Results Interchange Format, version 2.1.0 (OASIS), as GitHub's code scanning takes it.
    var sarif: String {
        get throws {
            let results = diagnostics.map { Log.Result($0, in: input) }
            let driver = Log.Driver(name: "ferrule", version: ferruleVersion, rules: Log.Rule.all)
            return try JSONText.encode(Log(runs: [Log.Run(tool: .init(driver: driver), results: results)]))
        }
    }
}

/// A log of SARIF, as far as it is used here.
private struct Log: Encodable {
    var version = "2.1.0"
    var schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    var runs: [Run]

    enum CodingKeys: String, CodingKey {
        case version, runs
        case schema = "$schema"
    }

    struct Run: Encodable {
        struct Tool: Encodable {
            var driver: Driver
        }

        var tool: Tool
        /// What columns count.
        var columnKind = "unicodeCodePoints"
        var results: [Result]
    }

    struct Driver: Encodable {
        var name: String
        var version: String
        var rules: [Rule]
    }

    struct Text: Encodable {
        var text: String
    }

    struct Rule: Encodable {
        var id: String
        var shortDescription: Text

        static let all = [
            Rule(id: "error", shortDescription: Text(text: "The API, or Ferrule, does not accept this definition")),
            Rule(id: "warning", shortDescription: Text(text: "This definition does something else than it seems to")),
        ]
    }

    struct Result: Encodable {
        struct Location: Encodable {
            struct Physical: Encodable {
                struct Artifact: Encodable {
                    var uri: String
                }

                struct Region: Encodable {
                    var startLine: Int
                    var startColumn: Int?
                }

                var artifactLocation: Artifact
                var region: Region
            }

            var physicalLocation: Physical
        }

        var ruleId: String
        var level: String
        var message: Text
        var locations: [Location]

        /// GitHub refuses a whole log for one result without a file and a line, so what has no place gets that of the input:
        /// <https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>
        init(_ diagnostic: Diagnostic, in input: String) {
            ruleId = diagnostic.severity.rawValue
            level = diagnostic.severity.rawValue
            let object = diagnostic.object.map { "\($0): " } ?? ""
            message = Text(text: object + diagnostic.sentence + (diagnostic.hint.map { " (hint: \($0))" } ?? ""))
            var components = URLComponents()
            components.path = diagnostic.origin?.file ?? input
            let path = components.percentEncodedPath
            let artifact = Location.Physical.Artifact(uri: path.hasPrefix("/") ? "file://\(path)" : path)
            let region = Location.Physical.Region(
                startLine: diagnostic.location?.line ?? 1, startColumn: diagnostic.location?.column)
            locations = [Location(physicalLocation: .init(artifactLocation: artifact, region: region))]
        }
    }
}
