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

    @Test("a file that cannot be written is a wrong argument")
    func refusesFile() async throws {
        let run = try await ProgramRun.ferrule(Self.plain + ["-o", "no/such/folder/out.nft"])
        #expect(run.status == 64)
        #expect(run.standardError.hasPrefix("no/such/folder/out.nft: error: this file cannot be written\n"))
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
        "on a terminal messages have colours, unless NO_COLOR is set",
        arguments: [("", true), ("NO_COLOR=1 ", false), ("NO_COLOR= ", true)])
    func terminal(setting: String, isColored: Bool) async throws {
        // util-linux's script makes a terminal; standard output is no matter.
        let command = "\(setting)ferrule \(Self.warning.joined(separator: " ")) > /dev/null"
        let run = try await ProgramRun.shell("script -qec '\(command)' /dev/null")
        #expect(run.status == 0)
        #expect(run.standardOutput.contains("warning:"))
        #expect(run.standardOutput.contains("\u{1B}[1;33m") == isColored)
    }

    @Test(
        "a terminal is told what takes longer than half a second, and then has its line back",
        arguments: [
            ("sleep 1.3;", "", "/dev/null", true), ("", "", "/dev/null", false),
            ("sleep 1.3;", "-q", "/dev/null", false),
            ("sleep 1.3;", "-q", "errors", false), ("sleep 1.3;", "", "errors", false),
        ])
    func progress(delay: String, flag: String, errors: String, isTold: Bool) async throws {
        let folder = try TemporaryFolder()
        let input = Project.url("golden/clusterip/input.yaml").path
        let redirection = errors == "errors" ? "2> errors" : ""
        let command = "(\(delay) cat \(input)) | ferrule render \(flag) -f - > /dev/null \(redirection)"
        let run = try await ProgramRun.shell("script -qec '\(command)' /dev/null", in: folder.url)
        #expect(run.status == 0)
        let erasure = "\r\u{1B}[K"
        if isTold {
            let lines = run.standardOutput.components(separatedBy: erasure)
            #expect(lines.first == "" && lines.last == "" && lines.count > 2)
            #expect(
                Set(lines.dropFirst().dropLast()).subtracting([
                    "reading definitions ...", "reading definitions ... 1 s",
                ]) == [])
        } else {
            #expect(run.standardOutput == "")
        }
        withExtendedLifetime(folder) {}
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
        let run = try await ProgramRun.shell("ferrule render -f golden/clusterip/input.yaml \(redirection)")
        #expect(run.status == status)
        #expect(run.standardError.hasPrefix("error: standard output cannot be written: \(reason) ("))
    }

    @Test("a file on a full disk, too")
    func fullDisk() async throws {
        let run = try await ProgramRun.ferrule(Self.plain + ["-o", "/dev/full"])
        #expect(run.status == 75)
        #expect(run.standardError.hasPrefix("/dev/full: error: this file cannot be written: No space left on device ("))
    }
}
