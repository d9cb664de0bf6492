// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

struct HelpTests {
    private static let input = [
        "--filename", "--node-name", "--node-ip", "--cluster-cidr", "--service-cidr", "--node-port-range",
        "--nodeport-addresses", "--masquerade-all", "--masquerade-bit", "--lock", "--write-lock", "--assume-pods",
        "--strict", "--exclude", "--namespace", "--config", "--detect-local-mode",
    ]
    private static let global = ["--color", "--quiet", "--verbose", "--version", "--help"]

    @Test(
        "the help of a command names its flags, in lines that a terminal holds",
        arguments: [
            (["render"], input + ["--backend", "--format", "--family", "--output"] + global),
            (
                ["apply"],
                input + ["--backend", "--format", "--check", "--confirm", "--replace", "--allow-empty"] + global
            ),
            (["get"], input + ["--format", "--live", "<what>", "<service>"] + global),
            (["env"], input + ["--pod", "--format"] + global),
            (
                ["dns"],
                input + [
                    "--format", "--domain", "--zone", "-o, --output", "--reverse", "--server-ip", "--ttl", "--serial",
                ] + global
            ),
            (
                ["ingress"],
                input + [
                    "--format", "--class", "--through-services", "--bind", "--http-port", "--https-port",
                    "--tls-directory",
                ] + global
            ),
            (
                ["plan"],
                input + ["--format", "--against", "--against-empty", "--exit-code", "--fail-on"] + global
            ),
            (
                ["run"],
                input + [
                    "--kubeconfig", "--context", "--take-over", "--allow-empty", "--log-format", "--log-level",
                ] + global
            ),
            (["validate"], input + ["--format"] + global),
            (["confirm"], ["--reject"] + global),
            (["delete"], ["--backend"] + global),
            (["status"], ["--backend", "--format", "--exit-code"] + global),
            (["test"], input + ["-t, --tests", "--write", "--format"] + global),
            (["trace"], input + ["--from", "--to", "--in", "--live", "--format"] + global),
            (
                [],
                [
                    "--version", "--help", "render", "ingress", "plan", "apply", "confirm", "delete", "dns", "env",
                    "status", "test", "trace", "validate",
                    "EXIT CODES:", "EXAMPLES:",
                ]
            ),
        ])
    func namesFlags(command: [String], flags: [String]) async throws {
        let run = try await ProgramRun.ferrule(command + ["--help"])
        #expect(run.status == 0)
        #expect(run.standardError == "")
        for flag in flags { #expect(run.standardOutput.contains(flag), "\(flag)") }
        let lines = run.standardOutput.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE: ") })
        // What is indented is an example or a table: the lines between these are prose. A broken example is not
        // indented.
        if let start = lines.firstIndex(of: "EXAMPLES:") {
            let examples = lines[(start + 1)...].prefix { !$0.hasSuffix(":") && !$0.hasPrefix("USAGE") }
            #expect(examples.allSatisfy { $0.hasPrefix("  ") }, "an example is broken over two lines")
        }
        if let start = lines.firstIndex(of: "EXIT CODES:") {
            let codes = lines[(start + 1)...].prefix { !$0.hasPrefix("USAGE") }
            #expect(codes.allSatisfy { $0.contains(/^  (\d{1,2} +|    )\S/) }, "a code's text is not below itself")
        }
    }

    @Test(
        "what is a command's own comes before what others have too",
        arguments: [
            ("render", "--family"), ("get", "--live"), ("ingress", "--class"), ("plan", "--against"),
            ("apply", "--confirm"),
            ("validate", "--format"),
            ("status", "--exit-code"), ("confirm", "--reject"), ("trace", "--from"),
            ("test", "-t, --tests"), ("env", "--pod"), ("dns", "--domain"), ("run", "--kubeconfig"),
        ])
    func ownOptionsFirst(command: String, option: String) async throws {
        let help = try await ProgramRun.ferrule([command, "--help"]).standardOutput
        let own = try #require(help.firstRange(of: "\n  \(option)"))
        for shared in ["\n  -f, --filename", "\n  --color", "\n  --version"] {
            if let place = help.firstRange(of: shared) { #expect(own.lowerBound < place.lowerBound, "\(shared)") }
        }
    }

    /// What the parser of command lines knows of them (`--experimental-dump-help`).
    private struct Dump: Decodable {
        struct Command: Decodable {
            let commandName: String
            let shouldDisplay: Bool
            var subcommands: [Command]?
            var arguments: [Argument]?
        }
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }
            let kind: String
            let shouldDisplay: Bool
            var abstract: String?
            var names: [Name]?
        }
        let command: Command
    }

    @Test("every flag of every command is in its help, and told what it is for")
    func tellsFlags() async throws {
        let text = try await ProgramRun.ferrule(["--experimental-dump-help"]).standardOutput
        let commands = try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).command.subcommands ?? []
        let shown = commands.filter { $0.shouldDisplay && $0.commandName != "help" }
        #expect(shown.count > 10)
        for command in shown {
            let help = try await ProgramRun.ferrule([command.commandName, "--help"]).standardOutput
            for argument in command.arguments ?? [] {
                let names = (argument.names ?? []).filter { $0.kind == "long" }.map(\.name)
                #expect(
                    argument.shouldDisplay && argument.abstract?.isEmpty == false, "\(command.commandName) \(names)")
                #expect(names.isEmpty == (argument.kind == "positional"))
                for name in names { #expect(help.contains("--\(name)"), "\(command.commandName) --\(name)") }
            }
        }
    }

    @Test("the version is a version and nothing else")
    func version() async throws {
        let run = try await ProgramRun.ferrule(["--version"])
        #expect(run.status == 0)
        #expect(run.standardError == "")
        #expect(run.standardOutput.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test("whose shell has no completion script is told which do")
    func unknownShell() async throws {
        let run = try await ProgramRun.ferrule(["--generate-completion-script"], environment: ["SHELL": "/bin/tcsh"])
        #expect(run.status == 64)
        #expect(
            run.standardError.hasPrefix("Error: write a shell behind --generate-completion-script: bash, fish, zsh\n"))
    }

    @Test("a completion script for each shell", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        let run = try await ProgramRun.ferrule(["--generate-completion-script", shell])
        #expect(run.status == 0)
        #expect(run.standardError == "")
        #expect(run.standardOutput.contains("nodeport-addresses"))
        if shell == "bash" {
            let check = try await ProgramRun.shell("ferrule --generate-completion-script bash | bash -n")
            #expect(check == ProgramRun(status: 0, standardOutput: "", standardError: ""))
        }
    }
}
