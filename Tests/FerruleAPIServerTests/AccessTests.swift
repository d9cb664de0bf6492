// SPDX-License-Identifier: Apache-2.0

import APIServerLab
import FerruleAPIServer
import FerruleCluster
import FerruleTestSupport
import Foundation
import Testing

/// By which ways, and as whom, a server is asked.
@Suite struct AccessTests {
    /// Follows a server for the time of a test.
    private func following(
        _ server: LabServer, lifetime: Duration = .seconds(600), times: FollowTimes = Follower.times,
        _ change: (inout Access) -> Void, _ test: (Follower) async throws -> Void
    ) async throws {
        var access = Access(server: server.url)
        change(&access)
        let follower = try Follower(access, times: times, credentialLifetime: lifetime)
        let result: Result<Void, any Error>
        do { result = .success(try await test(follower)) } catch { result = .failure(error) }
        await follower.stop()
        await server.stop()
        try result.get()
    }

    @Test(arguments: [true, false])
    func listsComeCompressedUnlessThatIsNotWanted(compresses: Bool) async throws {
        let server = try await LabServer()
        server.set { $0.streamsLists = false }
        try server.load((0..<2_000).map { .service(.sample($0)) } + [.node(.sample)])
        try await following(server) {
            $0.compresses = compresses
        } _: { follower in
            try await follower.until("all is seen") { $0.sync.isSynced && $0.store.services.count == 2_000 }
            #expect((server.compressedAnswers > 0) == compresses)
        }
    }

    @Test func aProxyPassesOn() async throws {
        let (server, proxy) = (try await LabServer(), try await LabProxy())
        try server.load([.service(.sample(1)), .node(.sample)])
        try await following(server) {
            // A name that only the proxy knows.
            $0.server = "http://cluster.invalid:\(server.port)"
            $0.proxy = proxy.url.replacingOccurrences(of: "://", with: "://a%40b:p%3Ass@")
        } _: { follower in
            try await follower.until("all is seen") { $0.sync.isSynced && $0.store.services.count == 1 }
            #expect(Set(proxy.asked) == ["cluster.invalid:\(server.port)"])
            #expect(Set(proxy.authorizations) == ["Basic " + Data("a@b:p:ss".utf8).base64EncodedString()])
        }
        await proxy.stop()
    }

    @Test func aTokenFileIsReadAgainAfterAWhile() async throws {
        let folder = try TemporaryFolder()
        try folder.write("first\n", to: "token")
        let file = folder.url.appending(path: "token")
        let server = try await LabServer()
        try server.load([.service(.sample(1)), .node(.sample)])
        try await following(server, lifetime: .milliseconds(20)) {
            $0.identity.tokenFile = file.path
        } _: { follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            try Data("second\n".utf8).write(to: file)
            try await Task.sleep(for: .milliseconds(30))
            server.endWatches()
            try server.put(.service(.sample(2)))
            try await follower.until("it is followed on") { $0.store.services.count == 2 }
            // Nobody had to refuse the first one.
            #expect(follower.now.troubles.isEmpty)
            #expect(server.requests.last { $0.isWatch }?.token == "second")
        }
    }

    @Test(arguments: [nil, "given"])
    func aTokenThatWasReadIsGoodAsLongAsItsFileIsAway(_ given: String?) async throws {
        let folder = try TemporaryFolder()
        try folder.write("first\n", to: "token")
        let file = folder.url.appending(path: "token")
        let server = try await LabServer()
        try server.load([.service(.sample(1)), .node(.sample)])
        try await following(server, lifetime: .milliseconds(20)) {
            ($0.identity.token, $0.identity.tokenFile) = (given, file.path)
        } _: { follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            try FileManager.default.removeItem(at: file)
            try await Task.sleep(for: .milliseconds(30))
            server.endWatches()
            try server.put(.service(.sample(2)))
            try await follower.until("it is followed on") { $0.store.services.count == 2 }
            #expect(follower.now.troubles.isEmpty)
            #expect(server.requests.last { $0.isWatch }?.token == "first")
            // Once it is refused, the file is what is wrong, unless there is another one.
            server.set { $0.token = "another" }
            server.endWatches()
            try await follower.until("it is said") { !$0.troubles.isEmpty }
            let words = given == nil ? "\(file.path): this file cannot be read" : "the API server refuses: Unauthorized"
            #expect(follower.now.troubles.first?.hasPrefix(words) == true, "\(follower.now.troubles)")
        }
    }

    @Test func aTokenThatIsGivenTakesThePlaceOfAFileThatCannotBeRead() async throws {
        let server = try await LabServer()
        try server.load([.service(.sample(1)), .node(.sample)])
        server.set { $0.token = "given" }
        try await following(server) {
            ($0.identity.token, $0.identity.tokenFile) = ("given", "/nowhere/token")
        } _: { follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(follower.now.troubles.isEmpty)
        }
    }

    @Test func whoActsAsSomebodyElseSaysSo() async throws {
        let server = try await LabServer()
        try server.load([.service(.sample(1)), .node(.sample)])
        try await following(server) {
            var impersonation = Impersonation(user: "system:kube-proxy")
            impersonation.uid = "0-1"
            impersonation.groups = ["one", "two"]
            impersonation.extra = ["acme.com/100%": ["a", "b"], "scopes": ["c"]]
            $0.identity.impersonation = impersonation
        } _: { follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(
                server.requests.first?.impersonation == [
                    "Impersonate-User: system:kube-proxy", "Impersonate-Uid: 0-1", "Impersonate-Group: one",
                    "Impersonate-Group: two", "Impersonate-Extra-acme.com%2F100%25: a",
                    "Impersonate-Extra-acme.com%2F100%25: b", "Impersonate-Extra-scopes: c",
                ])
        }
    }
}
