// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Sessions for threads that ask the kernel at the same time, all of the network namespace of the thread that makes the pool.
final class SessionPool: Sendable {
    /// A session that threads may hand on.
    private final class Shared: Sendable {
        let session: Mutex<NetlinkSession>

        init(_ transport: any NetlinkTransport) { session = Mutex(NetlinkSession(transport)) }
    }

    private let all: [Shared]
    private let idle: Mutex<[Shared]>

    /// - Parameter count: how many threads will ask at once; further ones wait. At least 1.
    init(
        count: Int, _ connect: (NetlinkPurpose) throws(NetlinkError) -> any NetlinkTransport
    ) throws(NetlinkError) {
        var sessions = [Shared(try connect(.requests))]
        while sessions.count < count { sessions.append(Shared(try connect(.requests))) }
        all = sessions
        idle = Mutex(sessions)
    }

    /// Lends a session that nobody else uses.
    func withSession<Result: Sendable>(
        _ use: (inout NetlinkSession) throws(NetlinkError) -> Result
    ) throws(NetlinkError) -> Result {
        let taken = idle.withLock { $0.popLast() } ?? all[0]
        defer { idle.withLock { $0.append(taken) } }
        return try taken.session.withLock { session throws(NetlinkError) in try use(&session) }
    }
}
