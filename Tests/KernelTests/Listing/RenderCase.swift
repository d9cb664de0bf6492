// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// Input files of the project with the arguments they are rendered with.
struct RenderCase: Sendable, CustomTestStringConvertible {
    let name: String
    /// Where relative paths among the arguments start.
    let folder: String
    let arguments: [String]
    /// What `render` prints.
    private(set) var text = ""

    var testDescription: String { name }

    /// The shop cluster as two nodes see it, and all cases of `golden/` and `examples/` that have a ruleset.
    static func all() throws -> [RenderCase] { try found.get() }

    /// Those whose text the installed nft reads; `OldNFTTests` loads all by one that does.
    static func loadable() throws -> [RenderCase] {
        let nft = try NFTAbility.installed()
        return try all().filter { nft.reads($0.text) }
    }

    /// Those whose JSON the installed nft reads; `OldNFTTests` loads all by one that does.
    static func loadableAsJSON() throws -> [RenderCase] {
        let nft = try NFTAbility.installed()
        return try all().filter { nft.readsJSON(of: $0.text) }
    }

    private static let found = Result {
        let cases = shop + (goldens + examples)
        return try cases.compactMap { try $0.rendered() }
    }

    private static let shop = ["node-a", "node-b"].map { node in
        RenderCase(
            name: "Tests/Data/shop-cluster.yaml for \(node)", folder: Project.root.path,
            arguments: ["-f", Project.shopCluster, "--node-name", node])
    }

    /// Each folder with a file `input.yaml` (or `.json`), and beside it perhaps `ferrule.args`.
    private static let goldens = Project.files(below: Project.url("golden")).compactMap { path -> RenderCase? in
        guard path.firstMatch(of: /(^|\/)input\.(yaml|json)$/) != nil else { return nil }
        let input = URL(filePath: path)
        return RenderCase(
            folder: "golden/" + path.split(separator: "/").dropLast().joined(separator: "/"),
            input: input.lastPathComponent)
    }

    private static let examples = Project.names(in: Project.url("examples")).filter { !$0.contains(".") }
        .map { RenderCase(folder: "examples/\($0)", input: ".", defaults: ["--assume-pods"]) }

    private init(name: String, folder: String, arguments: [String]) {
        (self.name, self.folder, self.arguments) = (name, folder, arguments)
    }

    /// - Parameter input: what is read where `ferrule.args` does not say it.
    private init(folder name: String, input: String, defaults: [String] = []) {
        let folder = Project.url(name)
        let text = try? String(contentsOf: folder.appending(path: "ferrule.args"), encoding: .utf8)
        var words = text.map { $0.split(whereSeparator: \.isWhitespace).map(String.init) } ?? defaults
        if words.first == "render" || words.first == "apply" { words.removeFirst() }
        for option in ["--format", "--family", "-o", "--output"] {
            if let index = words.firstIndex(of: option) { words.removeSubrange(index..<min(index + 2, words.count)) }
        }
        // Nothing is written into the folder of a case.
        words.removeAll { ["--check", "--replace", "--write-lock"].contains($0) }
        if !words.contains("-f"), !words.contains("--filename") { words = ["-f", input] + words }
        self.init(name: name, folder: folder.path, arguments: words)
    }

    /// The case with its text; nil where the program refuses the input.
    private func rendered() throws -> RenderCase? {
        let process = Process()
        process.executableURL = URL(filePath: Project.program)
        process.arguments = ["render", "-q"] + arguments
        process.currentDirectoryURL = URL(filePath: folder)
        let output = Pipe()
        (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, output)
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
        var copy = self
        copy.text = String(decoding: text, as: UTF8.self)
        return copy
    }

    /// What a command of the program prints for the case, in a namespace.
    func output(of command: String..., in namespace: Namespace) throws -> String {
        let allowance = command.first == "apply" ? ["--allow-empty"] : []
        let program = [Project.program] + command + ["-q"] + allowance + arguments
        return try namespace.output(["sh", "-c", #"cd "$0" && exec "$@""#, folder] + program)
    }
}
