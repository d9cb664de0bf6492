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
        _ script: String, times: FollowTimes = Follower.times,
        _ set: (inout CredentialPlugin, inout Access.Identity) -> Void = { _, _ in },
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
        let follower = try Follower(access, times: times)
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
        ("echo no such user >&2; exit 3", "it ended with status 3: no such user"), ("exit 3", "it ended with status 3"),
        ("kill -9 $$", "signal 9 ended it"), ("head -c 2000000 /dev/zero", "it printed more than 1048576 bytes"),
        ("echo hello", "it did not print an ExecCredential"),
        (#"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}'"#, "v1beta1"),
        (
            #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":""}}'"#,
            "it printed neither a token nor a certificate"
        ),
        (
            #"printf %s '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","#
                + #""status":{"token":"a\nb"}}'"#,
            "it printed a token that holds a line break"
        ),
        (
            #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":"#
                + #"{"clientCertificateData":"hello","clientKeyData":"hello"}}'"#,
            "what it printed as clientCertificateData is not in PEM"
        ),
        (Self.chatty + "echo no such user >&2; exit 3", ": no such user"),
    ])
    func whatGoesWrongIsSaid(_ script: String, _ words: String) async throws {
        try await follow(script) { _, follower in
            try await follower.until("it is said") { $0.troubles.first?.contains(words) == true }
        }
    }

    @Test(
        "a program that cannot be run is told in one line, with what to do about it",
        arguments: [
            ("/nowhere/get-token", "there is no such file"), ("/etc/passwd", "it may not be executed"),
            ("no-such-get-token", "no folder of PATH has such a program to execute"),
        ])
    func programs(_ command: String, _ reason: String) async throws {
        try await follow("") { plugin, _ in
            plugin.command = command
            plugin.installHint = "Get it:\n\n  apt install get-token\n"
        } _: { _, follower in
            try await follower.until("it is said") { !$0.troubles.isEmpty }
            #expect(
                follower.now.troubles.first
                    == "\(command): it cannot be run: \(reason) (hint: Get it: apt install get-token)")
        }
    }

    @Test("a server is not silent while a program prints new credentials") func slowly() async throws {
        var times = Follower.times
        // Longer than other tests may keep all threads to themselves.
        times.streamingSilence = .seconds(30)
        let script = #"[ -e "$COUNTER" ] && sleep 33"# + "\n" + Self.counting
        try await follow(script, times: times) { server, follower in
            // The first token is refused, and the second one comes late.
            server.set { $0.token = "secret-2" }
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(follower.now.troubles.isEmpty)
            #expect(server.requests.count { !$0.isWatch } == 0)
        }
    }

    @Test("a program, and what it has started, ends with following") func ends() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "child").path
        try await follow("sleep 77 & echo $! >\(file).new; mv \(file).new \(file); wait") { _, follower in
            let limit = ContinuousClock.now + .seconds(60)
            while !FileManager.default.fileExists(atPath: file), .now < limit {
                try await Task.sleep(for: .milliseconds(5))
            }
            let start = ContinuousClock.now
            await follower.stop()
            // The program would be ended after a minute in any case.
            #expect(.now - start < .seconds(30))
            #expect(follower.now.troubles.isEmpty)
        }
        let child = try String(contentsOfFile: file, encoding: .utf8).filter(\.isNumber)
        // One that has ended has no command line any more, also where nobody has taken note of its end.
        let command = (try? String(contentsOfFile: "/proc/\(child)/cmdline", encoding: .utf8)) ?? ""
        #expect(command.isEmpty)
    }
}
