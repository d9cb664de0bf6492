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

    @Test("the table lists every example")
    func tableIsComplete() throws {
        let table = try String(contentsOf: Project.url("examples/README.md"), encoding: .utf8)
        #expect(Example.all.count > 10)
        for example in Example.all { #expect(table.contains("](\(example.name)/)"), "\(example.name)") }
    }
}
