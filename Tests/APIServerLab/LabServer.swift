// SPDX-License-Identifier: Apache-2.0
//
// APIServerLab: an API server for tests, that serves from memory what a real one does, and on command what one does on a bad
// day. It knows nothing of those who ask.

package import FerruleCluster
import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOHTTPCompression
import NIOPosix
package import NIOSSL
import Synchronization

/// A server on a port of its own of the loopback address.
package final class LabServer: Sendable {
    let state = Mutex(LabState())
    private let listener: Mutex<(any Channel)?> = Mutex(nil)
    /// Of its own, so that a server that has much to do does not hinder those who ask.
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    private let tls: NIOSSLContext?
    private let boundPort = Mutex(0)

    /// Starts a server.
    ///
    /// - Parameters:
    ///   - tls: speaks TLS with these settings, where given; and HTTP/2 where they name it.
    ///   - port: 0 for one that the system chooses.
    package init(tls: TLSConfiguration? = nil, port: Int = 0) async throws {
        self.tls = try tls.map { try NIOSSLContext(configuration: $0) }
        boundPort.withLock { $0 = port }
        try await listen()
    }

    /// The port that it listens on, which it keeps over a restart.
    package var port: Int { boundPort.withLock { $0 } }

    package var url: String { "\(tls == nil ? "http" : "https")://127.0.0.1:\(port)" }

    /// How to reach it, for programs that are told by a file.
    package var kubeconfig: String {
        """
        apiVersion: v1
        kind: Config
        current-context: lab
        clusters: [{name: lab, cluster: {server: "\(url)"}}]
        users: [{name: lab, user: {}}]
        contexts: [{name: lab, context: {cluster: lab, user: lab}}]

        """
    }

    /// Listens again after ``stop()``.
    package func listen() async throws {
        let channel = try await ServerBootstrap(group: Self.loops)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { [self] channel in serve(channel) }
            .bind(host: "127.0.0.1", port: port).get()
        guard let port = channel.localAddress?.port else { throw LabServerError.notListening }
        boundPort.withLock { $0 = port }
        listener.withLock { $0 = channel }
    }

    private func serve(_ channel: any Channel) -> EventLoopFuture<Void> {
        state.withLock { $0.connections[ObjectIdentifier(channel)] = channel }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.connections[ObjectIdentifier(channel)] = nil }
        }
        guard let tls else {
            return channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                try addHandlers(to: channel)
            }
        }
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
        }.flatMap { [self] in
            channel.configureCommonHTTPServerPipeline { [self] stream in
                stream.eventLoop.makeCompletedFuture {
                    try addHandlers(to: stream)
                }
            }
        }
    }

    private func addHandlers(to channel: any Channel) throws {
        let compressor = HTTPResponseCompressor(initialByteBufferCapacity: 1024) { [self] head, isAsked in
            // As a real one: lists alone, and those from 128 KiB on.
            let length = head.headers.first(name: "content-length").flatMap(Int.init) ?? 0
            guard isAsked, length >= 128 << 10 else { return .doNotCompress }
            state.withLock { $0.compressedAnswers += 1 }
            head.headers.remove(name: "content-length")
            return .compressIfPossible
        }
        try channel.pipeline.syncOperations.addHandlers([compressor, LabHandler(server: self)])
    }

    /// How many connections stand.
    package var connectionCount: Int { state.withLock { $0.connections.count } }

    /// Takes no more connections, and drops those that there are without a word.
    package func stop() async {
        let channel = listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        try? await channel?.close()
        dropConnections()
    }

    /// Resets all connections.
    package func dropConnections() {
        for channel in state.withLock({ $0.takeConnections() }) { channel.reset() }
    }

    // MARK: Objects

    /// Stores an object; whoever watches is told.
    package func put(_ object: ClusterObject, annotations: [String: String] = [:]) throws {
        try state.withLock { try $0.put(object, annotations) }
    }

    /// Stores many objects that nobody is told of.
    package func load(_ objects: [ClusterObject]) throws {
        try state.withLock { try $0.load(objects) }
    }

    package func delete(_ kind: ClusterObject.Kind, _ key: ObjectKey) {
        state.withLock { $0.delete(kind, key) }
    }

    /// Sends all watches a bookmark.
    package func bookmark() { state.withLock { $0.bookmark() } }

    /// Sends all watches of a resource some bytes as they are.
    package func send(_ bytes: [UInt8], to resource: LabResource) { state.withLock { $0.send(bytes, to: resource) } }

    /// Ends all watches as a server does whose time is up.
    package func endWatches() { state.withLock { $0.endWatches() } }

    // MARK: Conduct

    /// Changes how the server behaves.
    package func set(_ change: @Sendable (inout LabConduct) -> Void) { state.withLock { change(&$0.conduct) } }

    /// Meets the next requests that a condition names with a fault.
    package func fail(
        _ fault: LabFault, times count: Int = 1, where meets: @escaping @Sendable (LabRequest) -> Bool = { _ in true }
    ) {
        state.withLock { $0.faults.append(LabFaultRule(fault: fault, count: count, meets: meets)) }
    }

    /// Forgets what has happened so far: watches from before get 410.
    package func forgetHistory() { state.withLock { $0.oldestVersion = $0.version } }

    /// Goes back to a version, as a server that was restored from a backup; the objects stay as they are.
    package func restore(version: Int) { state.withLock { $0.restore(version) } }

    /// The requests so far, in their order.
    package var requests: [LabRequest] { state.withLock { $0.requests } }

    /// The events that were made, as they were sent.
    package var events: [String] { state.withLock { $0.events } }

    /// How many answers were compressed.
    package var compressedAnswers: Int { state.withLock { $0.compressedAnswers } }

    /// How many watches stand.
    package var watchCount: Int { state.withLock { $0.watches.count } }
}

/// How a server behaves as long as nobody says otherwise.
package struct LabConduct: Sendable {
    package var speaksProtobuf = true
    /// Whether it can stream lists; else it says so as a server does whose store is too old.
    package var streamsLists = true
    /// Of what it sends a watch where a streaming list is asked for, which it does not know.
    package var ignoresStreamingLists: Set<LabResource> = []
    /// Requests without this token get 401.
    package var token: String?
    package var lacks: Set<LabResource> = []
}
