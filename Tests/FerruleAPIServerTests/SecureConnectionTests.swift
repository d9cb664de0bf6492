// SPDX-License-Identifier: Apache-2.0

import APIServerLab
import FerruleAPIServer
import FerruleCluster
import FerruleTestSupport
import Foundation
import NIOSSL
import Testing

@Suite struct SecureConnectionTests {
    /// Does something with a server that speaks TLS with a certificate, and asks for certificates where `asks` says so.
    private func withSecureServer(
        _ certificate: String = "server.crt", services: Int = 1, asks: Bool = false, _ access: (inout Access) -> Void,
        _ test: (LabServer, Follower) async throws -> Void
    ) async throws {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(Self.path(certificate)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: Self.path("server.key"), format: .pem)))
        if asks {
            tls.certificateVerification = .noHostnameVerification
            tls.trustRoots = .file(Self.path("ca.crt"))
        }
        tls.applicationProtocols = ["h2", "http/1.1"]
        let server = try await LabServer(tls: tls)
        try server.load((0..<services).map { .service(.sample($0)) } + [.node(.sample)])
        var reach = Access(server: server.url)
        access(&reach)
        let follower = try Follower(reach)
        try await test(server, follower)
        await follower.stop()
        await server.stop()
    }

    private static func path(_ name: String) -> String {
        Project.url("Tests/FerruleAPIServerTests/Certificates/\(name)").path
    }

    @Test func aCertificateOfTheAuthorityIsTrusted() async throws {
        try await withSecureServer {
            $0.authority = .file(Self.path("ca.crt"))
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
        }
    }

    @Test func allIsAskedOverOneConnection() async throws {
        try await withSecureServer(services: 2000) {
            $0.authority = .file(Self.path("ca.crt"))
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced && $0.store.services.count == 2000 }
            try server.put(.service(.sample(1, port: 81)))
            try await follower.until("it is followed") {
                $0.store.services[ObjectKey("shop", "web-1")] == .sample(1, port: 81)
            }
            #expect(server.watchCount == 4)
            #expect(server.connectionCount == 1)
            // A connection that is dropped takes all streams along, and they come again.
            server.dropConnections()
            try server.put(.service(.sample(1, port: 82)))
            try await follower.until("it is followed again") {
                $0.store.services[ObjectKey("shop", "web-1")] == .sample(1, port: 82)
            }
        }
    }

    @Test func aStreamThatIsBrokenOffIsSaidInWords() async throws {
        try await withSecureServer {
            $0.authority = .file(Self.path("ca.crt"))
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            server.set { $0.streamsLists = false }
            server.fail(.refuse(code: 410, reason: "Expired")) { $0.resource == .services && $0.isWatch }
            server.fail(.reset) { $0.resource == .services && !$0.isWatch }
            server.endWatches()
            try await follower.until("it is said") { !$0.troubles.isEmpty }
            #expect(Set(follower.now.troubles) == ["the API server cannot be reached: it broke off the answer"])
        }
    }

    @Test func anotherIsNot() async throws {
        try await withSecureServer { _ in
        } _: { _, follower in
            try await follower.until("it is said") { !$0.troubles.isEmpty }
            let troubles = follower.now.troubles
            #expect(troubles.first == "the API server cannot be reached: its certificate is not trusted")
        }
    }

    @Test func theNameThatTheCertificateMustHaveCanBeAnother() async throws {
        try await withSecureServer("named.crt") {
            $0.authority = .file(Self.path("ca.crt"))
            $0.serverName = "kubernetes.default.svc"
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
        }
    }

    @Test func aCertificateWithoutThatNameIsNot() async throws {
        try await withSecureServer("named.crt") {
            $0.authority = .file(Self.path("ca.crt"))
            $0.serverName = "kubernetes.example.com"
        } _: { _, follower in
            try await follower.until("it is said") { !$0.troubles.isEmpty }
            #expect(
                Set(follower.now.troubles)
                    == ["the API server cannot be reached: its certificate is not of this server"])
        }
    }

    @Test func nothingIsVerifiedWhereNobodyWantsIt() async throws {
        try await withSecureServer {
            $0.isUnverified = true
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
        }
    }

    @Test func aCertificateSaysWhoAsks() async throws {
        try await withSecureServer(asks: true) {
            $0.authority = .file(Self.path("ca.crt"))
            $0.identity.certificate = .file(Self.path("client.crt"))
            $0.identity.key = .file(Self.path("client.key"))
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
        }
    }
    @Test func aCertificateThatAPluginPrintsSaysIt() async throws {
        let folder = try TemporaryFolder()
        func text(_ name: String) throws -> String { try String(contentsOfFile: Self.path(name), encoding: .utf8) }
        let credential =
            [
                "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                "status": ["clientCertificateData": try text("client.crt"), "clientKeyData": try text("client.key")],
            ] as [String: Any]
        let json = try JSONSerialization.data(withJSONObject: credential)
        try folder.write(String(decoding: json, as: UTF8.self), to: "credential.json")
        var plugin = CredentialPlugin(command: "/bin/cat")
        plugin.arguments = [folder.url.appending(path: "credential.json").path]
        try await withSecureServer(asks: true) {
            $0.authority = .file(Self.path("ca.crt"))
            $0.identity.plugin = plugin
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(server.requests.allSatisfy { $0.token == nil })
        }
    }
}
