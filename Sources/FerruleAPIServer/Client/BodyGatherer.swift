// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP2

/// Makes one piece of all data of an HTTP/2 stream that has arrived together.
///
/// An API server sends each event of a watch in a frame of its own, so a streaming list of 10,000 objects comes in as many
/// pieces, each of which takes the HTTP client some ten microseconds, more the more of them wait.
final class BodyGatherer: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload

    /// What has come since the last time that reading was complete.
    private var gathered: ByteBuffer?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .data(let frame) = unwrapInboundIn(data), case .byteBuffer(var bytes) = frame.data, !frame.endStream
        else {
            pass(context)
            context.fireChannelRead(data)
            return
        }
        if gathered?.writeBuffer(&bytes) == nil { gathered = bytes }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        pass(context)
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        pass(context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        pass(context)
        context.fireErrorCaught(error)
    }

    private func pass(_ context: ChannelHandlerContext) {
        guard let bytes = gathered.take() else { return }
        context.fireChannelRead(wrapInboundOut(.data(.init(data: .byteBuffer(bytes)))))
    }
}
