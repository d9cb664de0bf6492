// SPDX-License-Identifier: Apache-2.0

internal import CNetworkLab
internal import FerruleNetwork
internal import Glibc
internal import Synchronization

/// One thread that serves all the servers of a lab.
final class ServerLoop: Sendable {
    private let epoll: FileDescriptor
    /// Wakes the thread; it is not a socket, so it has no entry among the servers.
    private let wake: FileDescriptor
    /// Written by the thread when ``settle()`` may return.
    private let settled: FileDescriptor
    private let servers = Mutex<[Int32: Server]>([:])
    private let stopping = Atomic<Bool>(false)
    private let settling = Mutex<Void>(())
    private let thread = Mutex<pthread_t?>(nil)

    init() throws(LabError) {
        epoll = FileDescriptor(owning: try check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        wake = FileDescriptor(owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC)) })
        settled = FileDescriptor(owning: try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC)) })
        try watch(wake.number)
    }

    /// Starts the thread, which keeps the loop alive until ``stop()``.
    func start() throws(LabError) {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(self)
        let code = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<ServerLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw LabError("pthread_create", errno: code)
        }
        self.thread.withLock { $0 = thread }
    }

    /// Ends the thread and closes all sockets.
    func stop() {
        stopping.store(true, ordering: .releasing)
        rouse()
        if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
        servers.withLock { $0 = [:] }
    }

    /// Takes over a socket that is bound (and, for TCP, listening).
    func add(_ server: Server) throws(LabError) {
        let number = server.socket.number
        servers.withLock { $0[number] = server }
        try watch(number)
    }

    /// Returns when the thread has answered everything that had arrived before the call, however busy the machine is.
    func settle() {
        settling.withLock { _ in
            rouse()
            var count: UInt64 = 0
            _ = unsafe read(settled.number, &count, 8)
        }
    }

    private func rouse() {
        var one: UInt64 = 1
        _ = unsafe write(wake.number, &one, 8)
    }

    private func watch(_ number: Int32) throws(LabError) {
        var event = unsafe epoll_event(events: UInt32(network_lab_epoll_in), data: epoll_data_t(fd: number))
        try check("epoll_ctl") { unsafe epoll_ctl(epoll.number, EPOLL_CTL_ADD, number, &event) }
    }

    // MARK: - On the thread

    private func run() {
        var mustSettle = false
        while !stopping.load(ordering: .acquiring) {
            let ready = wait(block: !mustSettle)
            if ready.isEmpty, mustSettle {
                mustSettle = false
                var one: UInt64 = 1
                _ = unsafe write(settled.number, &one, 8)
            }
            for number in ready {
                if number == wake.number {
                    var count: UInt64 = 0
                    _ = unsafe read(number, &count, 8)
                    mustSettle = true
                } else {
                    handle(number)
                }
            }
        }
    }

    /// The descriptors with something to read.
    private func wait(block: Bool) -> [Int32] {
        unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 256) { events in
            let count = unsafe epoll_wait(epoll.number, events.baseAddress, Int32(events.count), block ? -1 : 0)
            return (0..<Int(max(0, count))).map { unsafe events[$0].data.fd }
        }
    }

    private func handle(_ number: Int32) {
        guard let server = servers.withLock({ $0[number] }) else { return }
        switch server.serve() {
        case .stay: break
        case .end: servers.withLock { $0[number] = nil }
        case .accepted(let connections):
            for connection in connections { try? add(connection) }
        }
    }
}
