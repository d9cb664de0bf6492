// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// What the Tab key does in shells that run in a terminal.
struct CompletionTests {
    struct Shell: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Starts it without anybody's settings.
        let command: String
        /// What it has to be told before it completes.
        var setting = ""
    }

    private static let shells = [
        Shell(
            testDescription: "bash", command: "bash --norc --noprofile", setting: "bind 'set bell-style none'; "),
        Shell(testDescription: "zsh", command: "zsh -f", setting: "autoload -Uz compinit; compinit -u -D; "),
        Shell(testDescription: "fish", command: "fish --no-config"),
    ]

    /// What is typed before Tab, and what stands in the terminal then.
    private static let completions = [
        ("ferrule stat", "ferrule status "),
        ("ferrule render -f one", "-f one.yaml "),
        ("ferrule render -f base/man", "-f base/manifests/"),
        ("ferrule render --filename two", "--filename two.json "),
        ("ferrule plan --against li", "--against live "),
        ("ferrule plan --against ba", "--against base/"),
        ("ferrule render -o note", "-o notes.txt "),
        ("ferrule apply --config one", "--config one.yaml "),
        ("ferrule validate --lock note", "--lock notes.txt "),
        ("ferrule validate --format gi", "--format github "),
        ("ferrule get endp", "ferrule get endpoints "),
        ("ferrule ingress --format h", "--format haproxy "),
        ("ferrule ingress --thr", "ferrule ingress --through-services "),
        ("ferrule ingress --tls-directory ba", "--tls-directory base/"),
        ("ferrule get --format wi", "--format wide "),
        ("ferrule plan --format ht", "--format html "),
        ("ferrule trace --from node --format s", "--format svg "),
        ("ferrule confirm --rej", "ferrule confirm --reject "),
    ]

    @Test("commands, options, files and words are completed", arguments: shells)
    func completes(shell: Shell) async throws {
        let folder = try TemporaryFolder()
        for file in ["one.yaml", "two.json", "notes.txt", "base/manifests/web.yaml", "base/manifests/shop.yaml"] {
            try folder.write("", to: file)
        }
        let name = shell.testDescription
        let cases = Self.completions.map { typed, expected in
            """
            send -- "\(typed)\\t"
            expect {
                -ex "\(expected)" {}
                timeout { puts stderr "\(typed)"; incr wrong }
            }
            send "\\025"
            """
        }
        try folder.write(
            """
            set timeout 20
            set env(TERM) dumb
            set wrong 0
            spawn \(shell.command)
            send "\(shell.setting)source ./completion; echo re''ady\\r"
            expect -ex "ready"
            \(cases.joined(separator: "\n"))
            exit $wrong

            """, to: "expect.tcl")
        let run = try await ProgramRun.shell(
            "ferrule --generate-completion-script \(name) > completion && expect expect.tcl", in: folder.url)
        #expect(run.status == 0 && run.standardError == "", "not completed:\n\(run.standardError)\(run.standardOutput)")
        withExtendedLifetime(folder) {}
    }
}
