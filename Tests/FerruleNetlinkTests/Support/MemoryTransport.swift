// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import FerruleNetlink

/// The way to a ``MemoryNetfilter``: what has been sent is answered at once, and waits here until it is received.
final class MemoryTransport: NetlinkTransport {
    private let netfilter: MemoryNetfilter
    private let waiting = Mutex<[NetlinkReceived]>([])
    let portID: UInt32

    private static let lastPort = Atomic<UInt32>(1000)

    init(_ netfilter: MemoryNetfilter) {
        self.netfilter = netfilter
        portID = Self.lastPort.wrappingAdd(1, ordering: .relaxed).newValue
    }

    /// There is nothing to poll.
    var descriptor: Int32 { -1 }

    func reserveBuffers(send: Int, receive: Int) {}

    func send(_ bytes: ArraySlice<UInt8>) throws(NetlinkError) {
        let answers = try netfilter.answer(Array(bytes), port: portID)
        arrive(answers)
    }

    func arrive(_ received: [NetlinkReceived]) { waiting.withLock { $0 += received } }

    func receive(wait: Bool) throws(NetlinkError) -> NetlinkReceived {
        let next = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let next { return next }
        if wait { throw .repliesLost("none came in time") }
        return .nothing
    }
}
