// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Answers the requests of one connection.
final class LabHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: LabServer
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(server: LabServer) { self.server = server }

    func channelInactive(context: ChannelHandlerContext) {
        let id = ObjectIdentifier(context.channel)
        server.state.withLock { $0.watches[id] = nil }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, ByteBuffer())
        case .body(var part): body.writeBuffer(&part)
        case .end:
            if let head { take(LabRequest(head, body), context) }
            head = nil
        }
    }

    private func take(_ request: LabRequest, _ context: ChannelHandlerContext) {
        let reply = LabReply(request: request, channel: context.channel, server: server)
        let fault = server.state.withLock { state in
            state.requests.append(request)
            return state.takeFault(for: request)
        }
        if case .late(let milliseconds) = fault {
            context.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) { reply.answer() }
        } else if let fault {
            reply.fail(fault)
        } else {
            reply.answer()
        }
    }
}

extension LabState {
    fileprivate mutating func takeFault(for request: LabRequest) -> LabFault? {
        guard let index = faults.firstIndex(where: { $0.count > 0 && $0.meets(request) }) else { return nil }
        faults[index].count -= 1
        return faults[index].fault
    }
}

/// The answer to one request.
private struct LabReply: Sendable {
    let request: LabRequest
    let channel: any Channel
    let server: LabServer

    func answer() {
        server.state.withLock { state in
            let isProtobuf = state.conduct.speaksProtobuf && request.accept.contains("protobuf")
            if let token = state.conduct.token, request.token != token {
                return refuse(LabRefusal(401, "Unauthorized", "Unauthorized"), nil, isProtobuf)
            }
            if request.path == LabRequest.eventsPath, request.method == "POST" {
                state.events.append(request.body)
                return send(201, Self.type(false), Array(request.body.utf8))
            }
            if let document = LabDiscovery.document(request.path) {
                return send(200, Self.type(false), Array(document.utf8))
            }
            guard let resource = request.resource, !state.conduct.lacks.contains(resource) else {
                return send(404, "text/plain; charset=utf-8", Array("404 page not found\n".utf8))
            }
            if request.isWatch {
                _ = watch(&state, isProtobuf)
                return
            }
            switch state.list(request, resource, isProtobuf: isProtobuf) {
            case .success(let body): send(200, Self.type(isProtobuf), body)
            case .failure(let refusal): refuse(refusal, nil, isProtobuf)
            }
        }
    }

    func fail(_ fault: LabFault) {
        switch fault {
        case .refuse(let code, let reason, let message, let retryAfter):
            refuse(LabRefusal(code, reason, message), retryAfter, request.accept.contains("protobuf"))
        case .silence: break
        case .beginAndStop:
            head(200, Self.type(true))
            write(Array("k8s\0".utf8))
        case .reset:
            head(200, Self.type(true))
            write(Array("k8s\0".utf8))
            channel.eventLoop.scheduleTask(in: .milliseconds(20)) { channel.reset() }
        case .cut: send(200, Self.type(true), Array("k8s\0\u{12}\u{40}half of it".utf8))
        case .garbage: send(200, Self.type(true), (0..<999).map { UInt8(truncatingIfNeeded: $0 &* 37) })
        case .watch(let word, let isCut):
            server.state.withLock { state in
                let watch = watch(&state, state.conduct.speaksProtobuf)
                state.watches[watch.id] = nil
                if let word { watch.tell(word, state.version) }
                isCut ? channel.eventLoop.execute { channel.close(promise: nil) } : watch.end()
            }
        case .late: answer()
        }
    }

    /// Begins a watch.
    private func watch(_ state: inout LabState, _ isProtobuf: Bool) -> LabWatch {
        head(200, isProtobuf ? "application/vnd.kubernetes.protobuf;stream=watch" : "application/json")
        let watch = LabWatch(request: request, channel: channel, isProtobuf: isProtobuf)
        state.begin(watch)
        return watch
    }

    private static func type(_ isProtobuf: Bool) -> String {
        isProtobuf ? "application/vnd.kubernetes.protobuf" : "application/json"
    }

    private func refuse(_ refusal: LabRefusal, _ retryAfter: Int?, _ isProtobuf: Bool) {
        let status = LabBody.status(refusal.code, refusal.reason, refusal.message)
        let body = isProtobuf ? WireWriter.envelope("v1", "Status", status.protobuf) : Array(status.json)
        send(refusal.code, Self.type(isProtobuf), body, retryAfter)
    }

    private func send(_ code: Int, _ type: String, _ body: [UInt8], _ retryAfter: Int? = nil) {
        head(code, type, length: body.count, retryAfter)
        write(body)
        channel.post(.end(nil))
    }

    private func head(_ code: Int, _ type: String, length: Int? = nil, _ retryAfter: Int? = nil) {
        var headers = HTTPHeaders([("Content-Type", type), ("Cache-Control", "no-cache, private")])
        if let length { headers.add(name: "Content-Length", value: String(length)) }
        if let retryAfter { headers.add(name: "Retry-After", value: String(retryAfter)) }
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: code), headers: headers)
        channel.post(.head(head))
    }

    private func write(_ bytes: [UInt8]) {
        channel.post(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
    }
}

extension Channel {
    /// Writes a part of an answer when the loop comes to it: what is written at once may close the channel, which asks for
    /// the lock that whoever writes holds.
    func post(_ part: HTTPServerResponsePart) { eventLoop.execute { self.writeAndFlush(part, promise: nil) } }

    /// Closes the connection with a reset (RST), so that the other side gets an error and no end.
    func reset() {
        let lingering =
            (self as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
            ?? eventLoop.makeSucceededVoidFuture()
        lingering.whenComplete { _ in self.close(promise: nil) }
    }
}
