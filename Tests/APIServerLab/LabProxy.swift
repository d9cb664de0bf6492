// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

/// A proxy on a port of its own of the loopback address, which passes bytes on where `CONNECT` asks for that. It looks no names
/// up: all are the loopback address.
package final class LabProxy: Sendable {
    private let listener: any Channel
    private let targets = Targets()
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private final class Targets: Sendable {
        let names = Mutex<[String]>([])
        let authorizations = Mutex<[String]>([])
    }

    package init() async throws {
        listener = try await ServerBootstrap(group: Self.loops)
            .childChannelInitializer { [targets] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Greeter(targets))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    package var url: String { "http://127.0.0.1:\(listener.localAddress?.port ?? 0)" }

    /// Where it was asked to connect to, `HOST:PORT`.
    package var asked: [String] { targets.names.withLock { $0 } }

    /// What it was shown by those who asked (`Proxy-Authorization`).
    package var authorizations: [String] { targets.authorizations.withLock { $0 } }

    package func stop() async { try? await listener.close() }

    /// Waits for the head of a request, then joins both sides.
    private final class Greeter: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = ByteBuffer
        private let targets: Targets
        private var head = ""

        init(_ targets: Targets) { self.targets = targets }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            head += String(buffer: unwrapInboundIn(data))
            guard head.hasSuffix("\r\n\r\n") else { return }
            let words = head.split(separator: " ")
            guard words.first == "CONNECT", words.count > 1,
                let port = words[1].split(separator: ":").last.flatMap({ Int($0) })
            else { return context.close(promise: nil) }
            targets.names.withLock { $0.append(String(words[1])) }
            for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("proxy-authorization: ") {
                targets.authorizations.withLock { $0.append(String(line.dropFirst("proxy-authorization: ".count))) }
            }
            let client = context.channel
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            ClientBootstrap(group: client.eventLoop)
                .channelInitializer { server in
                    server.eventLoop.makeCompletedFuture {
                        try server.pipeline.syncOperations.addHandler(Relay(to: client))
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .flatMapThrowing { server in
                    try client.pipeline.syncOperations.addHandler(Relay(to: server))
                    client.writeAndFlush(ByteBuffer(string: "HTTP/1.1 200 Connected\r\n\r\n"), promise: nil)
                }
                .whenFailure { _ in client.close(promise: nil) }
        }
    }

    private final class Relay: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let other: any Channel

        init(to other: any Channel) { self.other = other }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
    }
}
