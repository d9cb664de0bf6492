// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import Testing

/// The files of `ferrule ingress --tls-directory`.
struct IngressTests {
    private static let input = Project.url("golden/ingress-tls/input.yaml").path

    private func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test("certificates are files that only their owner reads, whatever stood there and whatever the umask")
    func certificateFiles() async throws {
        let folder = try TemporaryFolder()
        let tls = folder.url.appending(path: "deep/tls").path
        let command = "umask 0; ferrule ingress -f '\(Self.input)' --tls-directory '\(tls)' -q"
        let first = try await ProgramRun.shell(command)
        #expect(first.status == 0)
        #expect(try mode(tls) == 0o700)
        let names = try FileManager.default.contentsOfDirectory(atPath: tls).sorted()
        #expect(names == ["certificates.list", "shop.old.pem", "shop.shop.pem"])
        #expect(try names.allSatisfy { try mode("\(tls)/\($0)") == 0o600 })
        // What another has left readable is replaced, not written into.
        let certificate = "\(tls)/shop.shop.pem"
        let content = try String(contentsOfFile: certificate, encoding: .utf8)
        #expect(content.contains("PRIVATE KEY"))
        try Data("old".utf8).write(to: URL(filePath: certificate))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: certificate)
        let second = try await ProgramRun.shell(command)
        #expect(second == first)
        #expect(try mode(certificate) == 0o600)
        #expect(try String(contentsOfFile: certificate, encoding: .utf8) == content)
        #expect(try FileManager.default.contentsOfDirectory(atPath: tls).sorted() == names)
        withExtendedLifetime(folder) {}
    }

    @Test("nothing of a Secret is printed, whatever is said")
    func printsNothing() async throws {
        let folder = try TemporaryFolder()
        let tls = folder.url.appending(path: "tls").path
        let run = try await ProgramRun.ferrule(["ingress", "-f", Self.input, "--tls-directory", tls, "-v"])
        #expect(run.status == 0)
        // The keys of the input in PEM, and in base64 of that.
        for secret in ["MAMCAQI=", "PRIVATE KEY", "LS0tLS"] {
            #expect(!(run.standardOutput + run.standardError).contains(secret))
        }
        withExtendedLifetime(folder) {}
    }

    @Test("no certificate is written where the configuration cannot be")
    func unwritableConfiguration() async throws {
        let folder = try TemporaryFolder()
        let tls = folder.url.appending(path: "tls").path
        let arguments = ["ingress", "-f", Self.input, "-q", "--tls-directory", tls, "-o", "missing/haproxy.cfg"]
        let run = try await ProgramRun.ferrule(arguments, in: folder.url)
        #expect(run.status == 64)
        #expect(run.standardError.hasPrefix("missing/haproxy.cfg: error: this file cannot be written"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: tls) == [])
        withExtendedLifetime(folder) {}
    }

    @Test("a folder that cannot be written is named, and no configuration is printed")
    func unwritable() async throws {
        let run = try await ProgramRun.ferrule(["ingress", "-f", Self.input, "-q", "--tls-directory", "/proc/tls"])
        #expect(run.status == 64)
        #expect(run.standardOutput == "")
        #expect(run.standardError.hasPrefix("/proc/tls: error: this directory cannot be made"))
    }
}
