// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// A folder of `examples/`, whose README shows commands and what they print.
struct Example: Sendable, CustomTestStringConvertible {
    let name: String

    static let all: [Example] = Project.names(in: Project.url("examples")).filter { $0 != "README.md" }.map(
        Example.init)

    var testDescription: String { name }

    var folder: URL { Project.url("examples/\(name)") }

    var readme: URL { folder.appending(path: "README.md") }

    /// The README with the output that its commands have now.
    ///
    /// A block that is fenced as `console` holds one command behind `$ ` and what it prints, messages before results.
    /// Commands run in the project's root.
    func readmeWithOutput() async throws -> (text: String, commands: [String]) {
        var lines: [String] = []
        var commands: [String] = []
        var isInBlock = false
        for line in try String(contentsOf: readme, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            if isInBlock, line.hasPrefix("$ ") {
                let command = String(line.dropFirst(2))
                commands.append(command)
                lines.append(String(line))
                lines += try await ShownCommand.printed(by: command)
            } else if isInBlock, line == "```" {
                isInBlock = false
                lines.append(String(line))
            } else if !isInBlock {
                isInBlock = line == "```console"
                lines.append(String(line))
            }
        }
        return (lines.joined(separator: "\n"), commands)
    }
}
