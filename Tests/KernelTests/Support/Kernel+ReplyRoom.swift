// SPDX-License-Identifier: Apache-2.0

import FerruleNetlink

extension Kernel {
    /// The kernel by sockets that have room for so many bytes of replies: less than it takes loses some of many errors.
    init(replyRoom: Int) {
        self.init { purpose throws(NetlinkError) in NarrowSocket(try NetlinkSocket(purpose), replyRoom) }
    }
}

private final class NarrowSocket: NetlinkTransport {
    private let socket: NetlinkSocket
    private let replyRoom: Int

    init(_ socket: NetlinkSocket, _ replyRoom: Int) { (self.socket, self.replyRoom) = (socket, replyRoom) }

    var descriptor: Int32 { socket.descriptor }
    var portID: UInt32 { socket.portID }

    func reserveBuffers(send: Int, receive: Int) { socket.reserveBuffers(send: send, receive: replyRoom) }

    func send(_ bytes: ArraySlice<UInt8>) throws(NetlinkError) { try socket.send(bytes) }

    func receive(wait: Bool) throws(NetlinkError) -> NetlinkReceived { try socket.receive(wait: wait) }
}
