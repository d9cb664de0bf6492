// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// A folder below `golden/`: an input, perhaps the arguments of the command, and what the command says.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    /// The name of the folder below `golden/`.
    let name: String

    /// What stands in a case besides the input: the outputs, by name.
    private static let rulesets = ["nft": "ruleset.nft", "json": "ruleset.json", "netlink": "netlink.txt"]
    private static let iptables = ["iptables": "ruleset.iptables"]
    private static let plans = ["text": "plan.txt", "json": "plan.json", "markdown": "plan.md", "html": "plan.html"]
    private static let validations = [
        "text": "validation.txt", "json": "validation.json", "github": "validation.github", "sarif": "validation.sarif",
    ]
    private static let traces = ["text": "trace.txt", "json": "trace.json", "svg": "trace.svg"]
    private static let listings = [
        "table": "listing.txt", "wide": "listing-wide.txt", "json": "listing.json", "name": "listing-names.txt",
    ]
    private static let names = ["zone": "names.zone", "hosts": "names.hosts", "json": "names.json"]
    private static let variables = ["env": "variables.env", "json": "variables.json", "docker": "variables.docker"]
    private static let configurations = ["text": "haproxy.cfg"]
    /// The formats that commands print without being asked.
    private static let defaults = ["text", "nft", "table", "zone", "env", "iptables"]
    private static let tests = ["text": "test.txt", "junit": "test.xml", "json": "test.json"]
    private static let diagnostics = "diagnostics.txt"
    private static let argumentsFile = "ferrule.args"
    /// Files that the command writes are kept in this folder.
    private static let written = "written/"

    static let all: [GoldenCase] =
        Project.names(in: Project.url("golden")).filter { !["errors", "status", "README.md"].contains($0) }
        .map(GoldenCase.init) + Project.names(in: Project.url("golden/errors")).map { GoldenCase(name: "errors/\($0)") }

    var testDescription: String { name }

    var folder: URL { Project.url("golden/\(name)") }

    /// The arguments of the command: the lines of `ferrule.args`; by default it renders the input.
    var arguments: [String] {
        guard let text = try? String(contentsOf: folder.appending(path: Self.argumentsFile), encoding: .utf8) else {
            return ["render", "-f", Project.names(in: folder).first { $0.hasPrefix("input.") } ?? "input.yaml"]
        }
        return text.split(separator: "\n").map(String.init)
    }

    /// What stands on the command's standard input: the file `stdin`, with any extension.
    private var standardInput: String {
        let name = Project.names(in: folder).first { $0.hasPrefix("stdin.") }
        return name.flatMap { try? String(contentsOf: folder.appending(path: $0), encoding: .utf8) } ?? ""
    }

    /// What the command may read, by path below the folder.
    private var inputs: [String] { Project.files(below: folder).filter { !isOutput($0) } }

    private func isOutput(_ file: String) -> Bool {
        file == Self.diagnostics || file.hasPrefix(Self.written)
            || [
                Self.rulesets, Self.plans, Self.validations, Self.traces, Self.listings, Self.tests, Self.names,
                Self.variables, Self.configurations, Self.iptables,
            ].contains { $0.values.contains(file) }
    }

    /// The files of what the command prints, by format.
    private var results: [String: String] {
        switch arguments.first {
        case "plan": Self.plans
        case "validate": Self.validations
        case "trace": Self.traces
        case "get": Self.listings
        case "test": Self.tests
        case "dns": Self.names
        case "env": Self.variables
        case "ingress": Self.configurations
        default: arguments.contains("iptables") ? Self.iptables : Self.rulesets
        }
    }

    /// The name of what the command prints.
    private var result: String? {
        guard let position = arguments.firstIndex(of: "--format") else {
            return Self.defaults.lazy.compactMap { results[$0] }.first
        }
        return arguments.indices.contains(position + 1) ? results[arguments[position + 1]] : nil
    }

    /// Files that neither the command nor a comparison reads.
    func strayFiles(_ outputs: [String: String]) -> [String] {
        Project.files(below: folder).filter { file in
            if isOutput(file) { return outputs[file] == nil && !Golden.isUpdating }
            let isArgument = arguments.contains { file == $0 || file.hasPrefix($0 + "/") }
            return !isArgument && file != Self.argumentsFile && !file.hasPrefix("stdin.")
        }
    }

    /// The outputs that may stand in the folder: those that there are now.
    var presentOutputs: [String] { Project.files(below: folder).filter(isOutput) }

    /// Those of the outputs that do not quote lines of the input.
    func results(in outputs: [String: String]) -> [String: String] {
        let hasPlaces = outputs[Self.diagnostics]?.contains(/:\d+:\d+:/) == true
        // These say the warnings too.
        let quoting = hasPlaces ? ["markdown", "json", "html"].compactMap { Self.plans[$0] } : []
        return outputs.filter { $0.key != Self.diagnostics && !quoting.contains($0.key) }
    }

    /// Whether a file is an input of documents, in YAML.
    func isManifest(_ file: String) -> Bool { file.hasSuffix(".yaml") && inputs.contains(file) }

    /// Whether the case shows results, and has an input whose documents can stand in another order.
    var isOfSeveralDocuments: Bool {
        // What is said of lines follows their order.
        arguments.first != "validate" && presentOutputs.contains { $0 != Self.diagnostics }
            && inputs.filter(isManifest).contains { file in
                let text = try? String(contentsOf: folder.appending(path: file), encoding: .utf8)
                return text.map { DocumentOrder($0).canChange } == true
            }
    }

    /// Runs the command in a copy of the folder.
    ///
    /// - Parameter change: makes other inputs of those in the folder.
    /// - Returns: the outputs by name.
    func run(change: (_ file: String, _ text: String) -> String = { $1 }) async throws -> [String: String] {
        let copy = try TemporaryFolder()
        let inputs = self.inputs
        var before: [String: String] = [:]
        for file in inputs where file != Self.argumentsFile {
            let text = change(file, try String(contentsOf: folder.appending(path: file), encoding: .utf8))
            before[file] = text
            try copy.write(text, to: file)
        }
        let url = copy.url
        let main = try await ProgramRun.ferrule(arguments, in: url, input: standardInput)
        var outputs: [String: String] = [:]
        for file in Project.files(below: url) {
            let text = try String(contentsOf: url.appending(path: file), encoding: .utf8)
            if before[file] != text { outputs[Self.written + file] = text }
        }
        if !main.standardOutput.isEmpty, let result { outputs[result] = main.standardOutput }
        let diagnostics = (main.status == 0 ? "" : "exit \(main.status)\n") + main.standardError
        if !diagnostics.isEmpty { outputs[Self.diagnostics] = diagnostics }
        // Other formats are printed where the case shows them.
        for (format, file) in results where outputs[file] == nil && presentOutputs.contains(file) {
            guard main.status <= 1 || arguments.first == "validate", !arguments.contains("--format") else { continue }
            let run = try await ProgramRun.ferrule(arguments + ["--format", format], in: url, input: standardInput)
            outputs[file] = run.standardOutput
        }
        withExtendedLifetime(copy) {}
        return outputs
    }
}
