// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// The manual pages.
struct ManualTests {
    private static let commands = [
        "render", "get", "ingress", "plan", "apply", "run", "confirm", "delete", "dns", "env", "status", "test",
        "trace", "validate",
    ]
    private static let names = ["ferrule"] + commands.map { "ferrule-\($0)" }

    @Test("each command has a page, and the program one that names them")
    func pages() async throws {
        let folder = try TemporaryFolder()
        let run = try await ProgramRun.ferrule(["--generate-manual", "."], in: folder.url)
        #expect(run == ProgramRun(status: 0, standardOutput: "", standardError: ""))
        #expect(Project.names(in: folder.url) == Self.names.map { "\($0).1" }.sorted())
        let help = try await ProgramRun.ferrule(["--help"]).standardOutput
        for command in Self.commands { #expect(help.contains("\n  \(command) ")) }
        withExtendedLifetime(folder) {}
    }

    @Test(
        "the synopsis has what must stand there, and nothing that need not",
        arguments: [
            ("render", ["-f path"]), ("plan", ["-f path"]), ("status", [""]), ("get", ["-f path", "--live"]),
            (
                "trace",
                ["-f path --from source --to destination", "--live --from source --to destination"]
            ),
            ("test", ["-f path -t path", "-f path --write"]),
            ("env", ["-f path --namespace name", "-f path --pod namespace/name"]),
            ("run", ["", "--kubeconfig file", "-f path"]),
        ])
    func synopsis(command: String, ways: [String]) async throws {
        let folder = try TemporaryFolder()
        _ = try await ProgramRun.ferrule(["--generate-manual", "."], in: folder.url)
        let run = try await ProgramRun.shell("MANWIDTH=100 man -l ./ferrule-\(command).1", in: folder.url)
        let lines = run.standardOutput.split(separator: "\n")
        let start = try #require(lines.firstIndex(of: "SYNOPSIS"))
        let shown = lines[(start + 1)...].prefix { $0.hasPrefix(" ") }.map {
            $0.drop { $0 == " " }.filter { $0 != "[" }
        }
        let positional = command == "get" ? "what] service] " : ""
        #expect(
            shown == ways.map { "ferrule \(command) \(positional)" + ($0.isEmpty ? "" : $0 + " ") + "option ...]" },
            "\(run.standardOutput)")
        withExtendedLifetime(folder) {}
    }

    @Test(
        "exit code 75 speaks of the kernel where a command asks it",
        arguments: [("render", false), ("dns", false), ("validate", false), ("trace", true), ("status", true)])
    func refusal(command: String, asksKernel: Bool) async throws {
        let folder = try TemporaryFolder()
        _ = try await ProgramRun.ferrule(["--generate-manual", "."], in: folder.url)
        let page = try String(contentsOf: folder.url.appending(path: "ferrule-\(command).1"), encoding: .utf8)
        let status = page.split(separator: ".SH EXIT STATUS\n").last?.split(separator: ".SH ").first ?? ""
        #expect(
            status.contains(".B 75\nThe \(asksKernel ? "kernel refused" : "output cannot be written")"), "\(status)")
        withExtendedLifetime(folder) {}
    }

    @Test(
        "man shows a page without complaint, with all that the help says, nothing hyphenated and no date",
        arguments: names)
    func page(name: String) async throws {
        let folder = try TemporaryFolder()
        let command = name.split(separator: "-").dropFirst().joined()
        _ = try await ProgramRun.ferrule(["--generate-manual", "."], in: folder.url)
        let run = try await ProgramRun.shell(
            "MANWIDTH=60 man --warnings -l ./\(name).1", in: folder.url)
        #expect(run.status == 0 && run.standardError == "")
        let page = run.standardOutput
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "FILES", "EXAMPLES", "SEE ALSO"] {
            #expect(page.contains("\n\(section)\n"), "\(section)")
        }
        #expect(!page.contains("\u{2010}") && !page.contains("\u{AD}"), "a hyphen that is not that of ASCII")
        #expect(!page.contains(/20\d\d/), "a date")
        let help = try await ProgramRun.ferrule((command.isEmpty ? [] : [command]) + ["--help"]).standardOutput
        let lines = help.split(separator: "\n")
        let start = try #require(lines.firstIndex(of: "EXAMPLES:"))
        let examples = lines[(start + 1)...].prefix { $0.hasPrefix("  ") }
        for example in examples { #expect(page.contains("       \(example.dropFirst(2))\n"), "\(example)") }
        for option in help.matches(of: /\n  (?:-\w, )?(--[a-z-]+)/) { #expect(page.contains(option.1), "\(option.1)") }
        withExtendedLifetime(folder) {}
    }
}
