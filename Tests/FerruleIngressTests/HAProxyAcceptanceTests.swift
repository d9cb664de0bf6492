// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleKubernetes
import FerruleNetwork
import FerruleTestSupport
import Foundation
import Testing

@testable import FerruleIngress

/// HAProxy takes every configuration, without a warning, whatever stands in it.
struct HAProxyAcceptanceTests {
    private func check(_ routing: IngressRouting, _ change: (inout HAProxyConfiguration.Options) -> Void = { _ in })
        async throws
    {
        var options = HAProxyConfiguration.Options(
            httpPort: try #require(Port(80)), httpsPort: try #require(Port(443)))
        change(&options)
        let folder = try TemporaryFolder()
        try folder.write(
            String(decoding: HAProxyConfiguration.text(of: routing, options), as: UTF8.self), to: "haproxy.cfg")
        let run = try await ProgramRun.shell(
            "PATH=$PATH:/usr/sbin haproxy -c -dW -f haproxy.cfg 2>&1", in: folder.url)
        #expect(run.status == 0, "\(run.standardOutput)")
        withExtendedLifetime(folder) {}
    }

    @Test("what the golden cases show, but for those whose certificates are none")
    func goldens() async throws {
        let files = Project.names(in: Project.url("golden")).filter { $0.hasPrefix("ingress") && $0 != "ingress-tls" }
            .map { Project.url("golden/\($0)/haproxy.cfg").path }
        #expect(files.count > 6)
        for file in files {
            let run = try await ProgramRun.shell("PATH=$PATH:/usr/sbin haproxy -c -dW -f '\(file)' 2>&1")
            #expect(run.status == 0, "\(run.standardOutput)")
        }
    }

    @Test("certificates with a key as `openssl ecparam` makes it, with long names, and for thousands of hosts")
    func certificates() async throws {
        let folder = try TemporaryFolder()
        let made = try await ProgramRun.shell(
            "openssl ecparam -name prime256v1 -genkey -out key.pem"
                + " && openssl req -x509 -key key.pem -subj /CN=shop -days 2 -out certificate.pem", in: folder.url)
        #expect(made.status == 0, "\(made.standardError)")
        func text(_ file: String) throws -> SecretText {
            SecretText(try String(contentsOf: folder.url.appending(path: file), encoding: .utf8), .plain)
        }
        var routing = IngressRouting()
        for number in 0..<2 {
            var secret = Secret(
                meta: ObjectMeta(name: "\(String(repeating: "n", count: 252))\(number)", namespace: "shop"))
            secret.type = Secret.tlsType
            (secret.certificate, secret.privateKey) = (try text("certificate.pem"), try text("key.pem"))
            var certificate = Certificate(secret: ObjectKey(secret.meta), pem: try PEMText(secret))
            // HAProxy takes 2047 words and 65535 bytes a line.
            let end =
                number == 0
                ? "" : "." + Array(repeating: String(repeating: "a", count: 60), count: 4).joined(separator: ".")
            certificate.hosts = (0..<2100).map { "h\($0)\(end)" }
            routing.certificates.append(certificate)
        }
        for file in CertificateFiles(routing.certificates, folder: folder.url.path).files {
            try folder.write(String(decoding: file.bytes, as: UTF8.self), to: file.name)
        }
        try await check(routing) { $0.certificateFolder = folder.url.path }
        withExtendedLifetime(folder) {}
    }

    @Test("an empty one")
    func empty() async throws { try await check(IngressRouting()) }

    @Test("texts of all kinds, as paths and names; hosts are names")
    func hostile() async throws {
        let texts =
            [
                "#", "'", "\"", "\\", "$HOME", "${HOME}", "%[src]", "{", "}", "} { always_true", "!", "-f", "--", "a b",
                "\t",
            ]
            + [
                "\n    server evil 192.0.2.1:80", "\r", "\u{1b}[31m", "é", "\u{202e}", "\u{7f}", "%", "a'b\"c\\d#e",
                " ", "||",
            ]
            + [".conf", "@1", "<(x)", "[0-9]+", ".*$", String(repeating: "'", count: 253), "\\x41", "//"]
        var routing = IngressRouting()
        for (number, text) in texts.enumerated() {
            let name = BackendName.service(ObjectKey(text, text), port: text)
            let resource = BackendName.resource(namespace: text, kind: text, name: text)
            let ingress = ObjectKey(text, text)
            for type in ["Exact", "Prefix"] {
                let path = try #require(PathPattern("/" + String(repeating: text, count: 20), type: type))
                routing.routes += [
                    Route(.name("a\(number).example.com"), path, name, of: ingress),
                    Route(.anyLabel(before: "a\(number).example.com"), path, resource, of: ingress),
                    Route(.all, path, number.isMultiple(of: 2) ? name : resource, of: ingress),
                ]
            }
            routing.backends += [
                Backend(name, servers: [], lack: text),
                Backend(
                    resource,
                    servers: [
                        Endpoint(IPAddress(ipv4: 0x0af4_0001), try #require(Port(8080))),
                        Endpoint(IPAddress(ipv6High: 0xfd00 << 48, low: 1), try #require(Port(8080))),
                    ]),
            ]
        }
        try await check(routing)
    }

    @Test("addresses and ports of all kinds to listen on")
    func binds() async throws {
        try await check(IngressRouting()) { options in
            options.addresses = ["0.0.0.0", "::", "192.0.2.1", "fd00::1"].compactMap { IPAddress($0) }
        }
    }
}
