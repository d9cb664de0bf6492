// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// What `ferrule dns` is asked for.
struct DNSTests {
    private static let input = ["-f", "golden/dns-cluster/input.yaml"]

    @Test(
        "what cannot be is refused",
        arguments: [
            (["--domain", "cluster..local"], "the domain 'cluster..local' has an empty label"),
            (
                ["--domain", "*.local"],
                "the domain '*.local' has the label \"*\", which is not letters, digits and \"-\" between them"
            ),
            (
                ["--domain", String(repeating: "a.", count: 115)],
                "is too long for the name kube-dns.kube-system.svc below it, which takes 256 octets, and DNS holds 255"
            ),
            (["--format", "hosts", "--ttl", "5"], "a hosts file has no zones: leave --ttl out"),
            (["--format", "hosts", "--reverse", "10.96.0.0/16"], "a hosts file has no zones: leave --reverse out"),
            (["--ttl", "3601"], "'3601' is not a number of seconds, 0 to 3600"),
            (
                ["--reverse", "10.96.0.0/12"],
                "'10.96.0.0/12' is not a range whose length is a multiple of 8, in IPv6 of 4, such as 10.96.0.0/16"
            ),
            (
                ["--reverse", "10.96.0.0/16,10.97.1.0/16"],
                "'10.97.1.0/16' begins within a range; did you mean 10.97.0.0/16?"
            ),
            (
                ["--reverse", "10.96.0.0/16, 10.97.1.0/16"],
                "'10.97.1.0/16' begins within a range; did you mean 10.97.0.0/16?"
            ),
            (["--serial", "4294967296"], "'4294967296' is not a serial number, 0 to 4294967295"),
            (["--server-ip", "ns"], "'ns' is not an IPv4 or IPv6 address, such as 192.0.2.53"),
            (
                ["--zone", "cluster.lokal"],
                "there is no zone 'cluster.lokal', only cluster.local, in-addr.arpa, ip6.arpa"
            ),
            (["--zone", "a..b"], "there is no zone 'a..b', only cluster.local, in-addr.arpa, ip6.arpa"),
            (["--zone", ""], "there is no zone '', only cluster.local, in-addr.arpa, ip6.arpa"),
            (
                ["--zone", "10.in-addr.arpa", "--domain", "k8s.example", "--reverse", "10.96.0.0/16"],
                "there is no zone '10.in-addr.arpa', only k8s.example, 96.10.in-addr.arpa"
            ),
            (
                ["--domain", "IN-ADDR.arpa."],
                "--domain in-addr.arpa is the name of a reverse zone: the cluster has another"
            ),
            (["--reverse", "10.96.0.0/16,10.0.0.0/8,10.96.0.0/16"], "10.96.0.0/16 stands there twice"),
            (["-o", ""], "write a path, or - for standard output"),
            (["--zone", "ip6.arpa", "--format", "hosts"], "a hosts file has no zones: leave --zone out"),
        ])
    func usage(arguments: [String], message: String) async throws {
        let run = try await ProgramRun.ferrule(["dns"] + arguments + Self.input)
        #expect(run.status == 64 && run.standardOutput == "")
        #expect(run.standardError.contains(message), "\(run.standardError)")
    }

    @Test("the help says what is meant where a flag is left out")
    func defaults() async throws {
        let help = try await ProgramRun.ferrule(["dns", "--help"]).standardOutput.split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        #expect(help.contains("The cluster's domain (default: cluster.local)."), "\(help)")
        #expect(help.contains("How long answers may be kept, 0-3600 seconds (default: 5)."), "\(help)")
    }

    @Test("ranges may have blanks between them")
    func blanks() async throws {
        let run = try await ProgramRun.ferrule(
            ["dns", "-q", "--reverse", "10.96.0.0/16, 10.244.0.0/16 ", "--zone", "244.10.in-addr.arpa"] + Self.input)
        #expect(run.status == 0 && run.standardError == "")
        #expect(run.standardOutput.contains("$ORIGIN 244.10.in-addr.arpa.\n"), "\(run.standardOutput)")
    }

    @Test("with -o each zone has a file, which holds what is printed without")
    func files() async throws {
        let folder = try TemporaryFolder()
        let path = folder.url.appending(path: "some/zones").path
        let written = try await ProgramRun.ferrule(["dns", "-o", path] + Self.input)
        #expect(written == ProgramRun(status: 0, standardOutput: "", standardError: ""))
        let zones = ["cluster.local", "in-addr.arpa", "ip6.arpa"]
        #expect(Project.names(in: URL(filePath: path)) == zones.map { "\($0).zone" })
        let texts = try zones.map { try String(contentsOfFile: "\(path)/\($0).zone", encoding: .utf8) }
        #expect(try await ProgramRun.ferrule(["dns"] + Self.input).standardOutput == texts.joined())
        for (zone, text) in zip(zones, texts) {
            #expect(try await ProgramRun.ferrule(["dns", "--zone", "\(zone)."] + Self.input).standardOutput == text)
        }
        withExtendedLifetime(folder) {}
    }

    @Test("where one file cannot be written, none is")
    func allFiles() async throws {
        let folder = try TemporaryFolder()
        let zones = ["cluster.local.zone", "in-addr.arpa.zone"]
        for zone in zones { try folder.write("old", to: zone) }
        // What is no file cannot be replaced.
        try folder.write("", to: "ip6.arpa.zone/file")
        let run = try await ProgramRun.ferrule(["dns", "-o", folder.url.path] + Self.input)
        #expect(run.status == 64)
        #expect(run.standardError.contains("ip6.arpa.zone: error: this file cannot be written: Is a directory"))
        let texts = try zones.map { try String(contentsOf: folder.url.appending(path: $0), encoding: .utf8) }
        #expect(texts == ["old", "old"])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(names == zones + ["ip6.arpa.zone"])
        withExtendedLifetime(folder) {}
    }

    @Test("a hosts file and JSON are written into a file")
    func file() async throws {
        let folder = try TemporaryFolder()
        for format in ["hosts", "json"] {
            let path = folder.url.appending(path: format).path
            let run = try await ProgramRun.ferrule(["dns", "--format", format, "-o", path] + Self.input)
            #expect(run == ProgramRun(status: 0, standardOutput: "", standardError: ""))
            let printed = try await ProgramRun.ferrule(["dns", "--format", format] + Self.input).standardOutput
            #expect(try String(contentsOfFile: path, encoding: .utf8) == printed)
        }
        withExtendedLifetime(folder) {}
    }

    @Test("what is wrong with the zone is said once, before the input is read")
    func zoneFirst() async throws {
        let run = try await ProgramRun.ferrule(["dns", "--zone", "a b", "-f", "no/such/file"])
        #expect(run.status == 64)
        #expect(
            run.standardError.hasPrefix("Error: there is no zone 'a b', only cluster.local, in-addr.arpa, ip6.arpa\n"))
        #expect(!run.standardError.contains("no/such/file"))
    }

    @Test("a directory that cannot be made is named")
    func unwritable() async throws {
        let run = try await ProgramRun.ferrule(["dns", "-o", "/dev/null/zones"] + Self.input)
        #expect(run.status == 64)
        #expect(run.standardError.hasPrefix("/dev/null/zones: error: this directory cannot be made"))
    }

    @Test("the serial number follows from the records: another one where they change, else the same")
    func serial() async throws {
        func serials(_ arguments: [String]) async throws -> [Int] {
            let text = try await ProgramRun.ferrule(["dns"] + arguments + Self.input).standardOutput
            return text.matches(of: /SOA \S+ \S+ (\d+)/).compactMap { Int($0.1) }
        }
        let plain = try await serials([])
        #expect(plain.count == 3 && Set(plain).count == 3)
        #expect(try await serials([]) == plain)
        let other = try await serials(["--domain", "k8s.example"])
        #expect(zip(plain, other).prefix(2).allSatisfy { $0.0 != $0.1 })
        #expect(try await serials(["--serial", "7"]) == [7, 7, 7])
    }
}
