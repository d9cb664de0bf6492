// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Sockets for threads that ask the kernel at the same time, all of the network namespace of the thread that makes the pool.
final class SocketPool: Sendable {
    /// A socket that threads may hand on.
    private final class Shared: Sendable {
        let socket: Mutex<NetlinkSocket>

        init() throws(NetlinkError) { socket = Mutex(try NetlinkSocket()) }
    }

    private let all: [Shared]
    private let idle: Mutex<[Shared]>

    /// - Parameter count: how many threads will ask at once; further ones wait. At least 1.
    init(count: Int) throws(NetlinkError) {
        var sockets = [try Shared()]
        while sockets.count < count { sockets.append(try Shared()) }
        all = sockets
        idle = Mutex(sockets)
    }

    /// Lends a socket that nobody else uses.
    func withSocket<Result: Sendable>(
        _ use: (borrowing NetlinkSocket) throws(NetlinkError) -> Result
    ) throws(NetlinkError) -> Result {
        let taken = idle.withLock { $0.popLast() } ?? all[0]
        defer { idle.withLock { $0.append(taken) } }
        return try taken.socket.withLock { socket throws(NetlinkError) in try use(socket) }
    }
}
