// SPDX-License-Identifier: Apache-2.0

import APIServerLab
import FerruleAPIServer
import FerruleCluster
import FerruleKubernetes
import FerruleTestSupport
import Foundation
import Testing

@Suite struct ClusterSourceTests {
    @Test(arguments: [true, false], [true, false])
    func followsAllThatHappens(streamsLists: Bool, speaksProtobuf: Bool) async throws {
        try await withServer { server in
            server.set { ($0.streamsLists, $0.speaksProtobuf) = (streamsLists, speaksProtobuf) }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced && $0.store.services.count == 5 }
            let seen = follower.now.store
            #expect(seen.services[ObjectKey("shop", "web-3")] == .sample(3))
            #expect(seen.endpointSlices[ObjectKey("shop", "web-3-x")] == .sample(3))
            #expect(seen.nodes.objects == [.sample])
            #expect(seen.serviceCIDRs.objects == [.sample])

            try server.put(.service(.sample(7)))
            try server.put(.service(.sample(1, port: 81)))
            try server.put(
                .endpointSlice(.sample(1, addresses: 3)),
                annotations: ["endpoints.kubernetes.io/last-change-trigger-time": "2026-11-26T11:00:00.5Z"])
            server.delete(.service, ObjectKey("shop", "web-0"))
            // Another proxy's service, and then ours again.
            try server.put(.service(.sample(2, labels: ["service.kubernetes.io/service-proxy-name": "other"])))
            try await follower.until("a label takes a service away") {
                $0.serviceNames == ["web-1", "web-3", "web-4", "web-7"]
                    && $0.store.services[ObjectKey("shop", "web-1")] == .sample(1, port: 81)
            }
            try server.put(.service(.sample(2)))
            try await follower.until("and brings it back") { $0.serviceNames.contains("web-2") }
            try await follower.until("the slice is another") {
                $0.store.endpointSlices[ObjectKey("shop", "web-1-x")] == .sample(1, addresses: 3)
            }
            let state = follower.now
            #expect(state.troubles.isEmpty)
            #expect(state.triggers.map(\.service) == [ObjectKey("shop", "web-1")])
            #expect(state.triggers.map(\.time.timeIntervalSince1970) == [1_795_690_800.5])
            let lists = server.requests.filter { !$0.isWatch }
            #expect(lists.count == (streamsLists ? 0 : 4))
        }
    }

    @Test func asksAsKubeProxyDoes() async throws {
        try await withServer { server in
            server.set { $0.streamsLists = false }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            func query(_ resource: LabResource) -> [String: String]? {
                server.requests.first { $0.resource == resource && !$0.isWatch }?.query
            }
            #expect(
                query(.services) == [
                    "labelSelector": "!service.kubernetes.io/service-proxy-name",
                    "fieldSelector": "spec.clusterIP!=None", "resourceVersion": "0",
                ])
            #expect(
                query(.endpointslices) == ["labelSelector": "!service.kubernetes.io/headless", "resourceVersion": "0"])
            #expect(query(.nodes) == ["fieldSelector": "metadata.name=node-a", "resourceVersion": "0"])
        }
    }

    @Test func aServerWithoutServiceCIDRsIsNoFault() async throws {
        try await withServer { server in
            server.set { $0.lacks = [.servicecidrs] }
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(follower.now.troubles.isEmpty)
        }
    }

    @Test func serviceCIDRsThatCannotBeHadForAMomentAreWaitedFor() async throws {
        try await withServer { server in
            server.set { $0.streamsLists = false }
            server.fail(.refuse(code: 429, reason: "TooManyRequests"), times: 5) { $0.resource == .servicecidrs }
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(follower.now.store.serviceCIDRs.objects == [.sample])
        }
    }

    @Test func whatCanBeDoneWithoutIsNotWaitedForForEver() {
        var state = SyncState()
        for resource in [Resource.services, .endpointslices] { state.take(.synced(resource)) }
        #expect(!state.isEnough)
        state.take(.synced(.nodes))
        state.take(.trouble(.servicecidrs, .unreachable("no route")))
        #expect(state.isEnough && !state.isSynced)
        state.goOnWithoutOptional()
        #expect(state.isSynced)
    }

    @Test(arguments: [true, false])
    func aVersionThatIsTooOldBringsTheDifferenceAndNeverNothing(streamsLists: Bool) async throws {
        try await withServer { server in
            server.set { $0.streamsLists = streamsLists }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            server.fail(.refuse(code: 503, reason: "ServiceUnavailable"), times: 12)
            server.dropConnections()
            server.delete(.service, ObjectKey("shop", "web-1"))
            try server.put(.service(.sample(9)))
            server.forgetHistory()
            try await follower.until("what happened meanwhile is seen") {
                $0.serviceNames == ["web-0", "web-2", "web-3", "web-4", "web-9"]
            }
            #expect(follower.now.fewestServices >= 4)
        }
    }

    @Test(arguments: [true, false])
    func aServerThatWentBackWhileItWasAwayIsFollowedAtOnce(streamsLists: Bool) async throws {
        try await withServer { server in
            server.set { $0.streamsLists = streamsLists }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            await server.stop()
            server.restore(version: 7)
            server.delete(.service, ObjectKey("shop", "web-4"))
            try await follower.until("it is away") { !$0.troubles.isEmpty }
            try await server.listen()
            try await follower.until("it is there again") { $0.serviceNames == ["web-0", "web-1", "web-2", "web-3"] }
            try server.put(.service(.sample(6)))
            try await follower.until("and followed") { $0.serviceNames.contains("web-6") }
            #expect(follower.now.fewestServices >= 4)
        }
    }

    @Test func aServerThatWentBackAndIsThereAtOnceIsFollowed() async throws {
        try await withServer { server in
            server.set { $0.streamsLists = false }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            try server.put(.service(.sample(5)))
            try await follower.until("it is watched") { $0.serviceNames.contains("web-5") }
            server.restore(version: 7)
            server.delete(.service, ObjectKey("shop", "web-5"))
            server.dropConnections()
            try await follower.until("it is noticed") { !$0.serviceNames.contains("web-5") }
            #expect(follower.now.fewestServices >= 5)
        }
    }

    @Test func aServerThatWentBackUnnoticedIsFollowedAfterASilence() async throws {
        var times = Follower.times
        times.watchSilence = .milliseconds(400)
        try await withServer(times: times) { server in
            server.set { $0.streamsLists = false }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            server.endWatches()
            server.restore(version: 7)
            server.delete(.service, ObjectKey("shop", "web-4"))
            try await follower.until("it is noticed") { $0.serviceNames == ["web-0", "web-1", "web-2", "web-3"] }
            try server.put(.service(.sample(6)))
            try await follower.until("and followed") { $0.serviceNames.contains("web-6") }
            #expect(follower.now.fewestServices >= 4)
        }
    }

    /// What a server may do to a list or a watch; afterwards all is as if it had not.
    static let faults: [(name: String, fault: LabFault)] = [
        ("silence", .silence), ("stop", .beginAndStop), ("reset", .reset), ("cut", .cut), ("garbage", .garbage),
        ("late", .late(300)), ("500", .refuse(code: 500, reason: "InternalError")),
        ("429", .refuse(code: 429, reason: "TooManyRequests")), ("410", .refuse(code: 410, reason: "Expired")),
    ]

    @Test(arguments: faults.map(\.name), [true, false])
    func aBadDayPasses(_ name: String, inWatches: Bool) async throws {
        let fault = try #require(Self.faults.first { $0.name == name }?.fault)
        var times = Follower.times
        (times.listSilence, times.streamingSilence, times.watchSilence) = (
            .milliseconds(400), .milliseconds(400), .milliseconds(400)
        )
        try await withServer(times: times) { server in
            if inWatches { server.set { $0.streamsLists = false } }
            server.fail(fault, times: 6) { $0.isWatch == inWatches || $0.isStreamingList }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced && $0.store.services.count == 5 }
            try server.put(.service(.sample(6)))
            try await follower.until("it is followed") { $0.serviceNames.contains("web-6") }
            #expect(follower.now.fewestServices >= 5)
        }
    }

    @Test(
        "a stream is tried with each list, unless the server says that it has none",
        arguments: [
            ("500", 2), ("silence", 2), ("cut", 2), ("none", 1),
        ])
    func streamsAreTriedAgain(_ name: String, _ streams: Int) async throws {
        var times = Follower.times
        if name == "silence" { times.streamingSilence = .seconds(3) }
        try await withServer(times: times) { server in
            if let fault = Self.faults.first(where: { $0.name == name })?.fault {
                // Each resource's first.
                server.fail(fault, times: 4) { $0.isStreamingList }
            } else {
                server.set { $0.streamsLists = false }
            }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            // The services' version is older than what the server remembers.
            try server.put(.endpointSlice(.sample(9)))
            server.forgetHistory()
            server.endWatches()
            try server.put(.service(.sample(6)))
            try await follower.until("it is followed") { $0.serviceNames.contains("web-6") }
            #expect(server.requests.count { $0.resource == .services && $0.isStreamingList } == streams)
        }
    }

    @Test func manyPagesAreOneList() async throws {
        var times = Follower.times
        times.pageSize = 7
        try await withServer(services: 23, times: times) { server in
            server.set { $0.streamsLists = false }
            // A server that has not the version that is asked for, and forgets a page in between.
            server.fail(.refuse(code: 410, reason: "Expired")) {
                $0.resource == .services && $0.query["resourceVersion"] == "0"
            }
            server.fail(.refuse(code: 410, reason: "Expired")) { $0.query["continue"] != nil }
            server.fail(.refuse(code: 410, reason: "Expired")) {
                $0.resource == .services && $0.query["resourceVersion"] == "0"
            }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced && $0.store.services.count == 23 }
            #expect(server.requests.contains { $0.query["continue"] != nil })
        }
    }

    @Test func aServerThatTakesLongToFailIsTrouble() async throws {
        var times = Follower.times
        times.healthyWatch = .milliseconds(50)
        try await withServer(times: times) { server in
            server.fail(.silence, times: 100)
        } _: { server, follower in
            try await waitUntil("all are asked for") { server.requests.count >= 4 }
            try await Task.sleep(for: .milliseconds(100))
            server.dropConnections()
            try await follower.until("it is said") { !$0.troubles.isEmpty }
        }
    }

    @Test func theServerIsGivenTheTimeThatItAsksFor() async throws {
        let start = ContinuousClock.now
        try await withServer { server in
            server.fail(.refuse(code: 429, reason: "TooManyRequests", retryAfter: 1)) { $0.resource == .nodes }
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(.now - start >= .seconds(1))
        }
    }

    @Test("also where it asks within a watch") func timeAskedForWithinWatch() async throws {
        let start = ContinuousClock.now
        try await withServer { server in
            server.fail(.watch(tells: .error(code: 429, reason: "TooManyRequests", retryAfter: 1))) {
                $0.resource == .nodes
            }
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            #expect(.now - start >= .seconds(1))
        }
    }

    @Test func whatIsForbiddenIsSaid() async throws {
        try await withServer { server in
            server.fail(.refuse(code: 403, reason: "Forbidden", message: "no role binding"), times: 2) {
                $0.resource == .endpointslices
            }
        } _: { _, follower in
            try await follower.until("all is seen") { $0.sync.isSynced && $0.recoveries == 1 }
            let troubles = follower.now.troubles
            #expect(
                Set(troubles) == ["the API server refuses: watch of endpointslices is not allowed (no role binding)"])
        }
    }

    @Test func aTokenThatIsRefusedIsReadAgain() async throws {
        let folder = try TemporaryFolder()
        try folder.write("old\n", to: "token")
        let server = try await LabServer()
        try server.load([.service(.sample(0)), .node(.sample)])
        server.set { $0.token = "old" }
        var access = Access(server: server.url)
        access.identity.tokenFile = folder.url.appending(path: "token").path
        let follower = try Follower(access)
        try await follower.until("all is seen") { $0.sync.isSynced }
        server.set { $0.token = "new" }
        try folder.write("new\n", to: "token")
        server.dropConnections()
        try server.put(.service(.sample(1)))
        try await follower.until("the new token is shown") { $0.serviceNames == ["web-0", "web-1"] }
        #expect(follower.now.troubles.isEmpty)
        await follower.stop()
        await server.stop()
    }

    @Test func anObjectThatCannotBeReadIsNamedAndTheOthersStay() async throws {
        try await withServer { server in
            server.set { $0.speaksProtobuf = false }
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            func tell(_ type: String) {
                let event =
                    #"{"type":"\#(type)","object":{"metadata":{"name":"web-1","namespace":"shop","resourceVersion":"9"},"#
                    + #""spec":{"ports":"none"}}}"# + "\n"
                server.send(Array(event.utf8), to: .services)
            }
            tell("MODIFIED")
            try await follower.until("it is said") { !$0.unreadable.isEmpty }
            try server.put(.service(.sample(6)))
            try await follower.until("the others are followed") { $0.store.services.count == 6 }
            let state = follower.now
            #expect(state.unreadable == ["Service shop/web-1 cannot be read: spec.ports: \"none\" is not a list"])
            #expect(state.store.services[ObjectKey("shop", "web-1")] == .sample(1))
            tell("DELETED")
            try await follower.until("it is gone") { $0.store.services[ObjectKey("shop", "web-1")] == nil }
        }
    }

    @Test func aWatchGoesOnFromItsBookmark() async throws {
        try await withServer { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced }
            try server.put(.endpointSlice(.sample(9)))
            server.bookmark()
            try await follower.until("the slice is seen") { $0.store.endpointSlices.count == 6 }
            server.forgetHistory()
            server.endWatches()
            try server.put(.service(.sample(6)))
            try await follower.until("it is followed") { $0.store.services.count == 6 }
            // The services are watched from the bookmark on, though the last of them is older than what is remembered.
            #expect(server.requests.filter { $0.resource == .services && $0.isStreamingList }.count == 1)
        }
    }

    @Test func aHundredThousandServicesAreListed() async throws {
        try await withServer(services: 0, times: FollowTimes()) { server in
            try server.load((0..<100_000).map { .service(.sample($0)) })
        } _: { server, follower in
            try await follower.until("all is seen") { $0.sync.isSynced && $0.store.services.count == 100_000 }
            server.delete(.service, ObjectKey("shop", "web-77777"))
            try await follower.until("it is followed") { $0.store.services.count == 99_999 }
        }
    }
}
