// SPDX-License-Identifier: Apache-2.0

import APIServerLab
import FerruleAPIServer
import FerruleCluster
import FerruleManifests
import FerruleTestSupport
import Foundation
import Testing

@Suite struct CredentialPluginTests {
    /// Follows a server with what a shell script prints, until something is so.
    private func follow(
        _ script: String, _ set: (inout CredentialPlugin, inout Access.Identity) -> Void = { _, _ in },
        _ test: (LabServer, Follower) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        try folder.write("#!/bin/sh\n" + script, to: "get-token")
        let path = folder.url.appending(path: "get-token").path
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let server = try await LabServer()
        try server.load([.service(.sample(0)), .node(.sample)])
        server.set { $0.token = "secret-1" }
        var plugin = CredentialPlugin(command: path)
        plugin.environment = ["COUNTER": folder.url.appending(path: "count").path]
        var access = Access(server: server.url)
        set(&plugin, &access.identity)
        access.identity.plugin = plugin
        let follower = try Follower(access)
        try await test(server, follower)
        await follower.stop()
        await server.stop()
    }

    /// Prints another token each time.
    private static let counting = #"""
        echo x >>"$COUNTER"
        printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"secret-%d"}}' \
            $(wc -l <"$COUNTER")
        """#

    @Test func itsTokenIsShownUntilItIsRefused() async throws {
        try await follow(Self.counting) { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            server.set { $0.token = "secret-2" }
            server.dropConnections()
            try server.put(.service(.sample(1)))
            try await follower.until("the plugin is asked again") { $0.store.services.count == 2 }
        }
    }

    @Test(
        "it is asked again once its token has expired, and not before",
        arguments: [("2020-01-01T00:00:00Z", true), ("2040-01-01T00:00:00Z", false)])
    func expiry(time: String, isAskedAgain: Bool) async throws {
        let script = Self.counting.replacingOccurrences(
            of: #""status":{"#, with: #""status":{"expirationTimestamp":"\#(time)","#)
        try await follow(script) { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            // Any is right from now on. A token is shown for a second at least.
            server.set { $0.token = nil }
            try await Task.sleep(for: .milliseconds(1_100))
            server.dropConnections()
            try server.put(.service(.sample(1)))
            try await follower.until("it is followed on") { $0.store.services.count == 2 }
            #expect((server.requests.last { $0.isWatch }?.token != "secret-1") == isAskedAgain)
        }
    }

    @Test func itIsToldWhatIsAsked() async throws {
        let script = #"""
            case $KUBERNETES_EXEC_INFO in
                *'"kind":"ExecCredential"'*'"config":{"audience":"here","ttl":60}'*'"server":"https://here"'*) token=secret-1 ;;
            esac
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",' \
                '"status":{"token":"'$token'","expirationTimestamp":"2040-01-01T00:00:00Z"}}'
            """#
        try await follow(script) { plugin, _ in
            plugin.cluster = .init(server: "https://here")
            plugin.cluster?.config = .object(["audience": .text("here"), "ttl": .number(60)])
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
        }
    }

    /// Says much on standard error.
    private static let chatty = "head -c 300000 /dev/zero | tr '\\0' x >&2; echo >&2\n"

    @Test func howeverMuchItSaysItsTokenCounts() async throws {
        try await follow(Self.chatty + Self.counting) { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(follower.now.troubles.isEmpty)
        }
    }

    @Test func aTokenThatIsGivenComesBeforeIt() async throws {
        try await follow("exit 3") {
            $1.token = "secret-1"
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(follower.now.troubles.isEmpty)
        }
    }

    @Test(arguments: [
        ("echo no such user >&2; exit 3", "no such user"), ("echo hello", "it did not print an ExecCredential"),
        (#"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}'"#, "v1beta1"),
        (
            #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":""}}'"#,
            "it printed neither a token nor a certificate"
        ),
        (Self.chatty + "echo no such user >&2; exit 3", ": no such user"),
    ])
    func whatGoesWrongIsSaid(_ script: String, _ words: String) async throws {
        try await follow(script) { _, follower in
            try await follower.until("it is said") { $0.troubles.first?.contains(words) == true }
        }
    }
}
