// SPDX-License-Identifier: Apache-2.0

import APIServerLab
import FerruleAPIServer
import FerruleCluster
import FerruleKubernetes
import Foundation
import Synchronization
import Testing

/// Follows a test server, and keeps what it is told.
final class Follower: Sendable {
    struct State: Sendable {
        var store = ClusterStore()
        var sync = SyncState()
        var troubles: [String] = []
        var recoveries = 0
        var unreadable: [String] = []
        /// Words of watches that are not known.
        var unknown: [String] = []
        var triggers: [ChangeBatch.Trigger] = []
        /// The fewest services that were known at any time since all was seen.
        var fewestServices = Int.max

        var serviceNames: [String] { store.services.sortedKeys.map(\.name) }
    }

    private let state = Mutex(State())
    private let client: APIClient
    private let task: Mutex<Task<Void, Never>?> = Mutex(nil)

    /// Waits short enough for tests. Limits of silence are as long as ever: a machine may be busy.
    static var times: FollowTimes {
        var times = FollowTimes()
        times.firstDelay = .milliseconds(10)
        times.longestDelay = .milliseconds(100)
        times.absentResource = .milliseconds(50)
        return times
    }

    init(
        _ access: Access, times: FollowTimes = Follower.times, credentialLifetime: Duration = .seconds(600)
    ) throws {
        client = try APIClient(access, credentialLifetime: credentialLifetime)
        let source = ClusterSource(client, node: "node-a", times: times)
        let follower = Task { [self] in
            await source.run { self.take($0) }
        }
        task.withLock { $0 = follower }
    }

    convenience init(_ server: LabServer, times: FollowTimes = Follower.times) throws {
        try self.init(Access(server: server.url), times: times)
    }

    private func take(_ event: FollowEvent) {
        state.withLock { state in
            state.sync.take(event)
            switch event {
            case .changes(let batch):
                _ = state.store.apply(batch.changes)
                state.triggers += batch.triggers
            case .trouble(_, let error): state.troubles.append("\(error)")
            case .recovered: state.recoveries += 1
            case .unreadable(let objects): state.unreadable += objects.map(\.description)
            case .unknown(_, let word): state.unknown.append(word)
            case .synced: break
            }
            if state.sync.isSynced {
                state.fewestServices = min(state.fewestServices, state.store.services.count)
            }
        }
    }

    /// What is known now.
    var now: State { state.withLock { $0 } }

    /// Waits until something is so.
    func until(
        _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: (State) -> Bool
    ) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while !state.withLock({ condition($0) }) {
            guard .now < limit else {
                let (troubles, names) = state.withLock { ($0.troubles.suffix(3), $0.serviceNames.prefix(9)) }
                try #require(
                    Bool(false), "\(what.rawValue); troubles: \(troubles), services: \(names)",
                    sourceLocation: sourceLocation)
                return
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// Ends following; nothing comes after that.
    func stop() async {
        let follower = task.withLock { $0 }
        follower?.cancel()
        await follower?.value
        await client.shutdown()
    }
}

/// A server with some objects, and one who follows it, for the time of a test.
func withServer(
    services: Int = 5, times: FollowTimes = Follower.times,
    before: (LabServer) throws -> Void = { _ in }, _ test: (LabServer, Follower) async throws -> Void
) async throws {
    let server = try await LabServer()
    try server.load((0..<services).flatMap { [.service(.sample($0)), .endpointSlice(.sample($0))] })
    try server.load([.node(.sample), .serviceCIDR(.sample)])
    try before(server)
    let follower = try Follower(server, times: times)
    let result: Result<Void, any Error>
    do {
        result = .success(try await test(server, follower))
    } catch {
        result = .failure(error)
    }
    await follower.stop()
    await server.stop()
    try result.get()
}

extension ObjectMeta {
    /// Metadata as they are read from a server.
    fileprivate static func stored(_ name: String, _ namespace: String, _ labels: Labels = [:]) -> ObjectMeta {
        var meta = ObjectMeta(name: name, namespace: namespace, labels: labels, origin: StoredObject.origin)
        meta.isStored = true
        return meta
    }
}

extension Service {
    static func sample(_ number: Int, port: Int = 80, labels: Labels = [:]) -> Service {
        var spec = ServiceSpec()
        var servicePort = ServicePort()
        (servicePort.name, servicePort.protocol, servicePort.port) = ("http", "TCP", port)
        servicePort.targetPort = .number(8080)
        spec.ports = [servicePort]
        spec.type = "ClusterIP"
        spec.clusterIP = "10.96.\(number / 250).\(number % 250 + 1)"
        spec.clusterIPs = spec.clusterIP.map { [$0] }
        spec.selector = ["app": "web-\(number)"]
        return Service(meta: .stored("web-\(number)", "shop", labels), spec: spec)
    }
}

extension EndpointSlice {
    static func sample(_ number: Int, addresses: Int = 2) -> EndpointSlice {
        let labels: Labels = [EndpointSlice.serviceNameLabel: "web-\(number)"]
        var slice = EndpointSlice(meta: .stored("web-\(number)-x", "shop", labels), addressType: "IPv4")
        slice.endpoints = (0..<addresses).map { index in
            var endpoint = EndpointSlice.Endpoint()
            endpoint.addresses = ["10.244.\(index).\(number % 250 + 1)"]
            (endpoint.ready, endpoint.nodeName, endpoint.zone) = (true, "node-a", "zone-a")
            endpoint.zoneHints = ["zone-a"]
            return endpoint
        }
        var port = EndpointPort()
        (port.name, port.protocol, port.port) = ("http", "TCP", 8080)
        slice.ports = [port]
        return slice
    }
}

extension Node {
    static var sample: Node {
        var node = Node(meta: .stored("node-a", "", ["topology.kubernetes.io/zone": "zone-a"]))
        node.podCIDRs = ["10.244.0.0/24", "fd00:10:244::/64"]
        var address = NodeAddress()
        (address.type, address.address) = ("InternalIP", "192.0.2.11")
        node.addresses = [address]
        node.taints = ["node.kubernetes.io/not-ready", Node.toBeDeletedTaint]
        return node
    }
}

extension ServiceCIDR {
    static var sample: ServiceCIDR {
        var range = ServiceCIDR(meta: .stored("kubernetes", ""))
        range.cidrs = ["10.96.0.0/12"]
        return range
    }
}
