// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// Which stream gets what, and what the flags for output do.
struct OutputTests {
    private static let plain = ["render", "-f", "golden/clusterip/input.yaml"]
    private static let warning = ["render", "-f", "golden/node-port-everywhere-warning/input.yaml"]

    @Test("a file gets what standard output would have got, and - is standard output")
    func writesFile() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "out.nft")
        let printed = try await ProgramRun.ferrule(Self.plain)
        let run = try await ProgramRun.ferrule(Self.plain + ["-o", file.path])
        #expect(run == ProgramRun(status: 0, standardOutput: "", standardError: ""))
        #expect(try String(contentsOf: file, encoding: .utf8) == printed.standardOutput)
        #expect(try await ProgramRun.ferrule(Self.plain + ["-o", "-"]) == printed)
        withExtendedLifetime(folder) {}
    }

    @Test("what is no ordinary file is written into, not replaced")
    func writesThroughLinks() async throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: "old\n", count: 10_000), to: "real.nft")
        let link = folder.url.appending(path: "link.nft")
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "real.nft")
        let run = try await ProgramRun.ferrule(Self.plain + ["--output", link.path])
        #expect(run.status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "real.nft")
        let text = try String(contentsOf: folder.url.appending(path: "real.nft"), encoding: .utf8)
        #expect(text == (try await ProgramRun.ferrule(Self.plain).standardOutput))
        withExtendedLifetime(folder) {}
    }

    @Test("a link that leads to nothing makes what it leads to; where that cannot be, it is told")
    func danglingLinks() async throws {
        let folder = try TemporaryFolder()
        func link(_ name: String, to target: String) throws -> String {
            let path = folder.url.appending(path: name).path
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
            return path
        }
        let made = try await ProgramRun.ferrule(Self.plain + ["-o", try link("link.nft", to: "new.nft")])
        #expect(made.status == 0)
        let text = try String(contentsOf: folder.url.appending(path: "new.nft"), encoding: .utf8)
        #expect(text.hasPrefix("# Kubernetes Services"))
        let path = try link("lost.nft", to: "no/such/folder")
        let run = try await ProgramRun.ferrule(Self.plain + ["-o", path])
        #expect(run.status == 64)
        #expect(
            run.standardError == """
                \(path): error: this file cannot be written: No such file or directory (ENOENT, 2)
                hint: it is a link to "no/such/folder", which must be writable, or a place where a file can be made

                """)
        withExtendedLifetime(folder) {}
    }

    @Test("a file that is replaced keeps its permissions, and a new one has the usual")
    func keepsPermissions() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "out.nft").path
        let command = "umask 022; ferrule \(Self.plain.joined(separator: " ")) -o '\(path)'"
        for (mode, kept) in [(nil, 0o644), (0o600, 0o600), (0o664, 0o664)] as [(Int?, Int)] {
            if let mode { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path) }
            #expect(try await ProgramRun.shell(command).status == 0)
            let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(found?.intValue == kept)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["out.nft"])
        withExtendedLifetime(folder) {}
    }

    /// Each way to ask for a file.
    private static let writers: [[String]] = [
        plain + ["-q", "-o"], plain + ["-q", "--backend", "iptables", "-o"],
        ["ingress", "-q", "-f", "Tests/Data/shop-cluster.yaml", "-o"],
        ["dns", "-q", "-f", "Tests/Data/shop-cluster.yaml", "--format", "hosts", "-o"],
        ["dns", "-q", "-f", "Tests/Data/shop-cluster.yaml", "--format", "json", "-o"],
    ]

    @Test("a file that cannot be written is a wrong argument, of all commands in the same words", arguments: writers)
    func refusesFile(arguments: [String]) async throws {
        let missing = try await ProgramRun.ferrule(arguments + ["no/such/folder/out"])
        let problem = "no/such/folder/out: error: this file cannot be written: No such file or directory (ENOENT, 2)\n"
        let hint = "hint: the directory must exist and be writable\n"
        #expect(missing == ProgramRun(status: 64, standardOutput: "", standardError: problem + hint))
        let directory = try await ProgramRun.ferrule(arguments + ["golden"])
        let other = "golden: error: this file cannot be written: Is a directory (EISDIR, 21)\n"
        let otherHint = "hint: a file is wanted, and this is a directory\n"
        #expect(directory == ProgramRun(status: 64, standardOutput: "", standardError: other + otherHint))
        let long = String(repeating: "x", count: 256)
        let longName = try await ProgramRun.ferrule(arguments + [long])
        let reason = "\(long): error: this file cannot be written: File name too long (ENAMETOOLONG, 36)\n"
        #expect(longName == ProgramRun(status: 64, standardOutput: "", standardError: reason))
        #expect(try await ProgramRun.ferrule(arguments + [""]).status == 64)
    }

    @Test("warnings go to standard error and --quiet silences them, and notes", arguments: ["-q", "--quiet"])
    func quiet(flag: String) async throws {
        let loud = try await ProgramRun.ferrule(Self.warning)
        #expect(loud.status == 0)
        #expect(loud.standardError.hasPrefix("warning: the node's IPv4 address is not known"))
        let quiet = try await ProgramRun.ferrule(Self.warning + [flag])
        #expect(quiet == ProgramRun(status: 0, standardOutput: loud.standardOutput, standardError: ""))
        let skipped = try await ProgramRun.ferrule(["render", flag, "-f", "golden/skipped-kinds/input.yaml"])
        #expect(skipped.standardError == "")
    }

    @Test("errors are printed in spite of --quiet")
    func quietErrors() async throws {
        let run = try await ProgramRun.ferrule(["render", "-q", "-f", "golden/errors/cluster-ip-invalid/input.yaml"])
        #expect(run.status == 65)
        #expect(run.standardError.contains("is not an IP address"))
    }

    @Test("--verbose says how long things took")
    func verbose() async throws {
        let run = try await ProgramRun.ferrule(Self.plain + ["-v"])
        #expect(run.standardError.wholeMatch(of: /read \d+ bytes in \d+ ms, compiled in \d+ ms\n/) != nil)
    }

    @Test("messages have colours when asked for, and else not in a file")
    func colors() async throws {
        let escape = "\u{1B}["
        let auto = try await ProgramRun.ferrule(Self.warning)
        #expect(!auto.standardError.contains(escape))
        #expect(try await ProgramRun.ferrule(Self.warning + ["--color", "never"]) == auto)
        for environment in [[:], ["NO_COLOR": "1"]] as [[String: String]] {
            let run = try await ProgramRun.ferrule(Self.warning + ["--color", "always"], environment: environment)
            #expect(run.standardError.hasPrefix("\(escape)1;33mwarning:\(escape)0m "))
            #expect(run.standardOutput == auto.standardOutput)
        }
    }

    @Test(
        "on a terminal messages have colours, unless NO_COLOR is set or it is a dumb one",
        arguments: [("TERM=xterm", true), ("NO_COLOR=1", false), ("TERM=xterm NO_COLOR=", true), ("TERM=dumb", false)])
    func terminal(setting: String, isColored: Bool) async throws {
        // util-linux's script makes a terminal; standard output is no matter.
        let command = "\(setting) ferrule \(Self.warning.joined(separator: " ")) > /dev/null"
        let run = try await ProgramRun.shell("script -qec '\(command)' /dev/null")
        #expect(run.status == 0)
        #expect(run.standardOutput.contains("warning:"))
        #expect(run.standardOutput.contains("\u{1B}[1;33m") == isColored)
    }

    /// What a terminal shows of messages while an input comes after a while.
    private func terminal(delay: String, _ more: String = "") async throws -> String {
        let input = "(\(delay) cat golden/clusterip/input.yaml)"
        let run = try await ProgramRun.shell(
            "script -qec '\(input) | ferrule render -f - \(more) >/dev/null' /dev/null")
        #expect(run.status == 0)
        return run.standardOutput
    }

    @Test("a terminal is told what takes longer than half a second, and then has its line back")
    func progress() async throws {
        var lines: [String] = []
        // A busy machine may start the program late.
        for delay in [2, 4, 8, 16] where !lines.contains("reading definitions ... 1 s") {
            lines = try await terminal(delay: "sleep \(delay);").components(separatedBy: "\r\u{1B}[K")
            #expect(lines.first == "" && lines.last == "")
            for line in lines.dropFirst().dropLast() { #expect(line == "" || line.contains(" ..."), "\(line)") }
        }
        #expect(lines.contains("reading definitions ...") && lines.contains("reading definitions ... 1 s"))
    }

    @Test("nobody is told with --quiet, in a file, or on a terminal that cannot erase")
    func noProgress() async throws {
        #expect(try await terminal(delay: "sleep 1.3;", "--quiet") == "")
        #expect(try await terminal(delay: "sleep 1.3;", "2> /dev/null") == "")
        let dumb = "(sleep 1.3; cat golden/clusterip/input.yaml) | TERM=dumb ferrule render -f - >/dev/null"
        let run = try await ProgramRun.shell("script -qec '\(dumb)' /dev/null")
        #expect(run.standardOutput == "")
    }

    @Test("nobody is told of what takes less")
    func shortProgress() async throws {
        // On a busy machine everything may take longer, so one run in time is looked for.
        for _ in 0..<50 {
            let start = ContinuousClock.now
            let shown = try await terminal(delay: "")
            guard start.duration(to: .now) < .milliseconds(500) else { continue }
            #expect(shown == "")
            return
        }
        Issue.record("no run took less than half a second")
    }

    @Test(
        "a reader that goes away ends the program quietly, also where SIGPIPE is ignored",
        arguments: ["", "trap '' PIPE; "])
    func brokenPipe(prefix: String) async throws {
        let folder = try TemporaryFolder()
        // More than a pipe holds, so that the program still writes when the reader is gone.
        let services = (0..<1000).map { number in
            """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: service-\(number)}
            spec:
              clusterIP: 10.96.\(number / 250).\(number % 250 + 1)
              ports: [{port: 80}]

            """
        }
        try folder.write(services.joined(), to: "services.yaml")
        let url = folder.url
        let run = try await ProgramRun.shell("\(prefix)ferrule render -f services.yaml | head -n 1", in: url)
        #expect(run.standardOutput == "# Kubernetes Services as nftables rules, made by Ferrule.\n")
        #expect(run.standardError == "")
        withExtendedLifetime(folder) {}
    }

    @Test(
        "a full disk is an error in a sentence, which may be gone later; a closed output is a wrong command line",
        arguments: [("> /dev/full", 75, "No space left on device"), (">&-", 64, "Bad file descriptor")])
    func unwritable(redirection: String, status: Int, reason: String) async throws {
        for command in [
            "render -f golden/clusterip/input.yaml", "--help", "--version", "--generate-completion-script zsh",
        ] {
            let run = try await ProgramRun.shell("ferrule \(command) \(redirection)")
            #expect(run.status == status, "\(command)")
            #expect(run.standardError.hasPrefix("error: standard output cannot be written: \(reason) ("), "\(command)")
        }
    }

    @Test("a file on a full disk, too")
    func fullDisk() async throws {
        let run = try await ProgramRun.ferrule(Self.plain + ["-o", "/dev/full"])
        #expect(run.status == 75)
        #expect(run.standardError.hasPrefix("/dev/full: error: this file cannot be written: No space left on device ("))
    }
}
