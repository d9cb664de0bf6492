// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

@Suite("examples/")
struct ExampleTests {
    @Test("the README shows what its commands print", arguments: Example.all)
    func showsOutput(example: Example) async throws {
        let (text, commands) = try await example.readmeWithOutput()
        if let difference = try Golden.difference(example.readme, text) { Issue.record("\(difference)") }
        #expect(!commands.isEmpty, "the README has no block with a command")
        #expect(commands.allSatisfy { $0.contains("examples/\(example.name)") }, "a command reads something else")
    }

    @Test("README.md and docs/ show what their commands print", arguments: ShownCommand.ofDocuments)
    func documents(shown: ShownCommand) async throws {
        let printed = try await ShownCommand.printed(by: shown.command)
        if !shown.shows(printed) {
            let text = { (lines: [String]) in lines.map { $0 + "\n" }.joined() }
            Issue.record(
                "\(UnifiedDiff(text(shown.lines), text(printed), oldName: shown.document, newName: "ferrule"))")
        }
    }

    @Test("there are such commands in README.md and in docs/")
    func documentsHaveCommands() {
        #expect(ShownCommand.ofDocuments.count { $0.document == "README.md" } >= 5)
        #expect(ShownCommand.ofDocuments.contains { $0.document.hasPrefix("docs/") })
        #expect(ShownCommand.ofDocuments.allSatisfy { !$0.lines.isEmpty })
    }

    @Test("the table lists every example")
    func tableIsComplete() throws {
        let table = try String(contentsOf: Project.url("examples/README.md"), encoding: .utf8)
        #expect(Example.all.count > 10)
        for example in Example.all { #expect(table.contains("](\(example.name)/)"), "\(example.name)") }
    }
}
