// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testing

@testable import FerruleCLI

struct CommandDeclarationTests {
    /// The library checks the declarations of a debug build, and ends the program over one that contradicts itself; programs built for
    /// release are not checked.
    @Test("each command's options and arguments can be told apart")
    func sound() {
        var commands: [any ParsableCommand.Type] = [FerruleCommand.self]
        var seen = 0
        while let command = commands.popLast() {
            #expect(FerruleCommand.helpMessage(for: command).contains("USAGE: "))
            commands += command.configuration.subcommands
            seen += 1
        }
        #expect(seen > 15)
    }
}
