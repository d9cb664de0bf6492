// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// A command of a document, behind `$ ` in a block that is fenced as `console`, and what the document shows of its output.
struct ShownCommand: Sendable, CustomTestStringConvertible {
    /// By its path in the project.
    let document: String
    let command: String
    /// A line of three dots stands for any lines.
    private(set) var lines: [String] = []

    var testDescription: String { "\(document): \(command)" }

    /// Those of README.md and of docs/. What needs root is shown behind `# `, and is none of them.
    static let ofDocuments: [ShownCommand] = {
        let names = Project.names(in: Project.url("docs")).filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
        return (["README.md"] + names).flatMap(all(in:))
    }()

    private static func all(in document: String) -> [ShownCommand] {
        let text = (try? String(contentsOf: Project.url(document), encoding: .utf8)) ?? ""
        var commands: [ShownCommand] = []
        var (isInBlock, isOfCommand) = (false, false)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if !isInBlock || line == "```" {
                (isInBlock, isOfCommand) = (!isInBlock && line == "```console", false)
            } else if line.hasPrefix("$ ") {
                commands.append(ShownCommand(document: document, command: String(line.dropFirst(2))))
                isOfCommand = true
            } else if isOfCommand {
                commands[commands.count - 1].lines.append(String(line))
            }
        }
        return commands
    }

    /// What a shell command prints, run in the project's root: messages before results.
    static func printed(by command: String) async throws -> [String] {
        let run = try await ProgramRun.shell(command)
        return (run.standardError + run.standardOutput).split(separator: "\n", omittingEmptySubsequences: false)
            .dropLast().map(String.init)
    }

    /// Whether these lines are what the document shows.
    func shows(_ printed: [String]) -> Bool {
        let parts = lines.split(separator: "...", omittingEmptySubsequences: false).map(Array.init)
        guard let first = parts.first, let last = parts.last, printed.starts(with: first) else { return false }
        guard parts.count > 1 else { return printed == first }
        var rest = printed.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}
