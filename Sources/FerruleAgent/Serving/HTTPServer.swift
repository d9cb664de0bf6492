// SPDX-License-Identifier: Apache-2.0

#if APIServer
    internal import NIOCore
    internal import NIOHTTP1
    internal import NIOPosix

    /// Answers requests over HTTP/1.1 at one address, by their paths.
    struct HTTPServer: Sendable {
        private let channel: any Channel

        /// Listens from here on; throws where the address cannot be had.
        init(host: String, port: Int, _ answer: @escaping @Sendable (String) -> HTTPAnswer) throws {
            let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(Handler(answer))
                    }
                }
            channel = try bootstrap.bind(host: host, port: port).wait()
        }

        /// Answers no more.
        func close() { channel.close(promise: nil) }

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
