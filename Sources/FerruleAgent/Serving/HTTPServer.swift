// SPDX-License-Identifier: Apache-2.0

#if APIServer
    internal import Glibc
    internal import NIOCore
    internal import NIOHTTP1
    internal import NIOPosix

    /// Answers requests over HTTP/1.1 at one address, by their paths.
    struct HTTPServer: Sendable {
        private let channel: any Channel

        /// After how long a connection that says nothing is closed; who scrapes metrics may keep one for a minute.
        private static let patience = TimeAmount.minutes(2)

        /// Listens from here on; throws where the address cannot be had.
        ///
        /// - Parameter isOfBothFamilies: at an address that means all, IPv4 and IPv6 alike, as Go's `net.Listen` takes it, by which
        ///   kube-proxy listens.
        init(
            host: String, port: Int, isOfBothFamilies: Bool = false,
            _ answer: @escaping @Sendable (String) -> HTTPAnswer
        ) throws {
            let isBoth = isOfBothFamilies && (host == "0.0.0.0" || host == "::")
            do {
                channel = try Self.listen(isBoth ? "::" : host, port, isBoth: isBoth, answer)
            } catch let error as IOError where isBoth && [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.errnoCode) {
                // The machine has no IPv6.
                channel = try Self.listen("0.0.0.0", port, isBoth: false, answer)
            }
        }

        private static func listen(
            _ host: String, _ port: Int, isBoth: Bool, _ answer: @escaping @Sendable (String) -> HTTPAnswer
        ) throws -> any Channel {
            let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(IdleStateHandler(allTimeout: patience))
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(Handler(answer))
                    }
                }
            guard host.contains(":") else { return try bootstrap.bind(host: host, port: port).wait() }
            let onlyIPv6 = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
            return try bootstrap.serverChannelOption(onlyIPv6, value: isBoth ? 0 : 1).bind(host: host, port: port)
                .wait()
        }

        /// The one that it listens at, which the kernel has chosen where 0 was asked for.
        var port: Int? { channel.localAddress?.port }

        /// Answers no more, and has left the address when it returns.
        func close() { try? channel.close().wait() }

        private final class Handler: ChannelInboundHandler {
            typealias InboundIn = HTTPServerRequestPart
            typealias OutboundOut = HTTPServerResponsePart

            private let answer: @Sendable (String) -> HTTPAnswer
            private var head: HTTPRequestHead?

            init(_ answer: @escaping @Sendable (String) -> HTTPAnswer) { self.answer = answer }

            func channelRead(context: ChannelHandlerContext, data: NIOAny) {
                switch unwrapInboundIn(data) {
                case .head(let head): self.head = head
                case .body: break
                case .end:
                    guard let head else { return }
                    self.head = nil
                    respond(to: head, context)
                }
            }

            func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
                if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
            }

            private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
                let path = String(head.uri.prefix { $0 != "?" })
                let answer = answer(path)
                var headers = HTTPHeaders([
                    ("Content-Type", answer.type), ("Content-Length", "\(answer.body.utf8.count)"),
                ])
                for (name, value) in answer.headers.sorted(by: { $0.key < $1.key }) {
                    headers.add(name: name, value: value)
                }
                if !head.isKeepAlive { headers.add(name: "Connection", value: "close") }
                let response = HTTPResponseHead(
                    version: head.version, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
                context.write(wrapOutboundOut(.head(response)), promise: nil)
                if head.method != .HEAD {
                    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
                }
                let channel = context.channel
                context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
                    if !head.isKeepAlive { channel.close(promise: nil) }
                }
            }
        }
    }
#endif
