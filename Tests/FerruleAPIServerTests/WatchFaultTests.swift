// SPDX-License-Identifier: Apache-2.0

import APIServerLab
import FerruleAPIServer
import FerruleCluster
import FerruleKubernetes
import FerruleTestSupport
import Foundation
import Testing

/// What a server may do to a watch that none of today would.
@Suite struct WatchFaultTests {
    /// How often a watch of services was asked for.
    private func watches(_ server: LabServer) -> Int {
        server.requests.count { $0.resource == .services && $0.isWatch }
    }

    /// How often services were listed as a whole.
    private func lists(_ server: LabServer) -> Int {
        server.requests.count { $0.resource == .services && !$0.isWatch && $0.query["limit"] == nil }
    }

    /// Waits until services have been watched a number of times.
    private func until(_ server: LabServer, watched times: Int) async throws {
        try await waitUntil("services are watched", within: .seconds(60)) { watches(server) >= times }
    }

    @Test("what no streaming list has before its end is a watch", arguments: ["MODIFIED", "DELETED", "BOOKMARK"])
    func ignoresStreamingLists(_ type: String) async throws {
        var times = Follower.times
        times.streamingSilence = .seconds(600)
        try await withServer(times: times) { server in
            server.set { $0.ignoresStreamingLists = [.services] }
        } _: { server, follower in
            try await waitUntil("all are watched", within: .seconds(60)) { server.watchCount >= 4 }
            switch type {
            case "MODIFIED": try server.put(.service(.sample(1, port: 81)))
            case "DELETED": server.delete(.service, ObjectKey("shop", "web-1"))
            default: server.bookmark()
            }
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(follower.now.store.services.count == (type == "DELETED" ? 4 : 5))
            #expect(follower.now.troubles.isEmpty)
            // A server that does not know them is not asked for one again.
            try server.put(.endpointSlice(.sample(9)))
            server.forgetHistory()
            server.endWatches()
            try server.put(.service(.sample(6)))
            try await follower.until("it is followed") { $0.serviceNames.contains("web-6") }
            #expect(server.requests.count { $0.resource == .services && $0.isStreamingList } == 1)
        }
    }

    @Test("the time that is said of a silent watch is that for which it was silent")
    func silentWatch() async throws {
        var times = Follower.times
        (times.streamingSilence, times.watchSilence) = (.seconds(5), .seconds(7))
        try await withServer(times: times) { _, follower in
            try await follower.until("it is said") { !$0.troubles.isEmpty }
            #expect(follower.now.troubles.first == "the API server has said nothing for 7 s")
        }
    }

    @Test("objects that come one by one are no list")
    func newObjectsAlone() async throws {
        var times = Follower.times
        times.streamingSilence = .milliseconds(400)
        try await withServer(times: times) { server in
            server.set { $0.ignoresStreamingLists = [.services] }
        } _: { server, follower in
            let limit = ContinuousClock.now + .seconds(30)
            var number = 10
            while !follower.now.sync.isSynced, .now < limit {
                try server.put(.service(.sample(number)))
                number += 1
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(follower.now.sync.isSynced)
        }
    }

    @Test("what breaks off within a streaming list is followed by a list") func streamIsCut() async throws {
        try await withServer { server in
            server.set { $0.ignoresStreamingLists = [.services] }
            server.fail(.watch(isCut: true)) { $0.resource == .services && $0.isStreamingList }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(server.requests.count { $0.resource == .services && $0.isStreamingList } == 1)
            #expect(lists(server) == 1)
        }
    }

    @Test("an error that a watch tells of may be one of its version", arguments: [(500, 2), (400, 2), (429, 1)])
    func errorsInStreams(_ code: Int, _ listCount: Int) async throws {
        try await withServer { server in
            server.set { $0.streamsLists = false }
            server.fail(.watch(tells: .error(code: code, reason: "Trouble"))) {
                $0.resource == .services && $0.isWatch && !$0.isStreamingList
            }
        } _: { server, follower in
            // The first of them is a streaming list, which the server does not have.
            try await until(server, watched: 3)
            try server.put(.service(.sample(6)))
            try await follower.until("it is followed") { $0.serviceNames.contains("web-6") }
            #expect(lists(server) == listCount)
        }
    }

    @Test(
        "a watch that is refused may be so for its version",
        arguments: [(400, 2), (404, 2), (401, 1), (403, 1), (429, 1), (503, 1)])
    func refusals(_ code: Int, _ listCount: Int) async throws {
        try await withServer { server in
            server.set { $0.streamsLists = false }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            server.fail(.refuse(code: code, reason: "Refused"), times: code == 401 ? 2 : 1) {
                $0.resource == .services && $0.isWatch
            }
            server.endWatches()
            try await follower.until("it is said") { !$0.troubles.isEmpty }
            try server.put(.service(.sample(6)))
            try await follower.until("it is followed") { $0.serviceNames.contains("web-6") }
            #expect(lists(server) == listCount)
        }
    }

    @Test("what fails in each watch is not over with the list between them")
    func errorsThatLast() async throws {
        try await withServer { server in
            server.set { $0.streamsLists = false }
            server.fail(.watch(tells: .error(code: 500, reason: "InternalError")), times: 4) {
                $0.resource == .services && $0.isWatch && !$0.isStreamingList
            }
        } _: { server, follower in
            try await follower.until("it is said each time") { $0.troubles.count == 4 }
            try await until(server, watched: 6)
            #expect(follower.now.recoveries == 0)
            // It is over with an event of a watch that has stood for a while.
            let limit = ContinuousClock.now + .seconds(30)
            while follower.now.recoveries == 0, .now < limit {
                server.bookmark()
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(follower.now.recoveries == 1)
        }
    }

    @Test("nor with an event, where each watch breaks off behind it")
    func breaksThatLast() async throws {
        var times = Follower.times
        (times.longestDelay, times.healthyWatch) = (.seconds(60), .seconds(60))
        try await withServer(times: times) { server in
            server.set { $0.streamsLists = false }
            server.fail(.watch(tells: .bookmark, isCut: true), times: 1_000_000) {
                $0.resource == .services && $0.isWatch && !$0.isStreamingList
            }
        } _: { _, follower in
            try await follower.until("it is said each time") { $0.troubles.count == 3 }
            #expect(follower.now.recoveries == 0)
        }
    }

    @Test(
        "a watch that ends after an event is asked for again at once, but not again and again",
        arguments: [false, true])
    func shortWatches(isCut: Bool) async throws {
        var times = Follower.times
        (times.firstDelay, times.healthyWatch) = (.seconds(600), .seconds(60))
        try await withServer(times: times) { server in
            server.set { $0.streamsLists = false }
            server.fail(.watch(tells: .bookmark, isCut: isCut), times: 1_000_000) {
                $0.resource == .services && $0.isWatch && !$0.isStreamingList
            }
        } _: { server, _ in
            // The first of them is a streaming list, which the server does not have.
            try await until(server, watched: 3)
            try await Task.sleep(for: .milliseconds(300))
            #expect(watches(server) == 3)
            #expect(lists(server) == 1)
        }
    }

    @Test("lists that are followed by nothing that can be read become ever rarer")
    func garbageAfterLists() async throws {
        var times = Follower.times
        (times.firstDelay, times.longestDelay) = (.milliseconds(10), .seconds(600))
        try await withServer(times: times) { server in
            server.fail(.watch(tells: .garbage), times: 1_000_000) { $0.resource == .services && $0.isWatch }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            try await Task.sleep(for: .milliseconds(1000))
            // At least 10 ms and twice as long each time apart: the eighth comes after more than a second.
            #expect(watches(server) <= 8)
            #expect(follower.now.recoveries == 0)
        }
    }

    @Test("an event of a type that is not known is passed over", arguments: [true, false])
    func unknownTypes(inList: Bool) async throws {
        try await withServer { server in
            server.set { $0.speaksProtobuf = false }
            if inList { server.set { $0.ignoresStreamingLists = [.services] } }
        } _: { server, follower in
            if inList {
                try await waitUntil("all are watched", within: .seconds(60)) { server.watchCount >= 4 }
            } else {
                try await follower.until("all is seen") { $0.sync.isSynced }
            }
            server.send(Array("{\"type\":\"HEARTBEAT\",\"object\":{}}\n".utf8), to: .services)
            try await follower.until("it is said") { $0.unknown == ["HEARTBEAT"] }
            if inList {
                let end = #"{"metadata":{"resourceVersion":"300","annotations":{"k8s.io/initial-events-end":"true"}}}"#
                server.send(Array("{\"type\":\"BOOKMARK\",\"object\":\(end)}\n".utf8), to: .services)
                try await follower.until("all is seen") { $0.sync.isSynced }
            }
            try server.put(.service(.sample(6)))
            try await follower.until("it is followed") { $0.store.services.count == 6 }
            #expect(watches(server) == 1)
            #expect(follower.now.troubles.isEmpty)
        }
    }
}
