// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import Glibc

/// A netlink socket of the netfilter subsystem (`NETLINK_NETFILTER`), in the network namespace of the thread that opens it.
package final class NetlinkSocket: NetlinkTransport {
    /// How long the kernel may take for an answer. It answers while the question is sent, or lists while the answer is received:
    /// only one that is stuck takes long.
    package static let timeLimit = Duration.seconds(10)

    /// The kernel sends at most 32 KiB of a dump at a time (`netlink_recvmsg`), and errors without the message at fault.
    private static let longestDatagram = 64 * 1024

    package let descriptor: Int32
    package let portID: UInt32
    private let timeLimit: Duration

    package init(
        _ purpose: NetlinkPurpose = .requests, timeLimit: Duration = NetlinkSocket.timeLimit
    ) throws(NetlinkError) {
        let descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), NETLINK_NETFILTER)
        guard descriptor >= 0 else {
            throw .opening(ErrorNumber(errno))
        }
        do throws(NetlinkError) {
            portID = try Self.prepare(descriptor, purpose, timeLimit)
        } catch {
            close(descriptor)
            throw error
        }
        (self.descriptor, self.timeLimit) = (descriptor, timeLimit)
    }

    deinit { close(descriptor) }

    /// Binds the socket to an address that the kernel chooses, and returns its number.
    private static func prepare(
        _ descriptor: Int32, _ purpose: NetlinkPurpose, _ timeLimit: Duration
    ) throws(NetlinkError) -> UInt32 {
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else { throw .systemCall("bind", ErrorNumber(errno)) }
        // Errors name the attribute at fault and do not repeat the message, which may be 64 KiB long.
        try set(descriptor, SOL_NETLINK, Int32(NETLINK_CAP_ACK), Int32(1))
        try set(descriptor, SOL_NETLINK, Int32(NETLINK_EXT_ACK), Int32(1))
        let (seconds, attoseconds) = timeLimit.components
        let limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        try set(descriptor, SOL_SOCKET, SO_RCVTIMEO, limit)
        if case .events = purpose {
            do throws(NetlinkError) {
                try hearCommits(descriptor, true)
            } catch .systemCall(_, let error) where error.meansNotPermitted {
                throw .notPermitted
            }
        }
        return address.nl_pid
    }

    /// Whether a socket that was opened for events gets those of what is committed from now on; what has come before stays.
    /// While nobody in the namespace does, the kernel does not write any.
    package func hearCommits(_ isOn: Bool) throws(NetlinkError) { try Self.hearCommits(descriptor, isOn) }

    private static func hearCommits(_ descriptor: Int32, _ isOn: Bool) throws(NetlinkError) {
        let option = isOn ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP
        try set(descriptor, SOL_NETLINK, Int32(option), Int32(NFNLGRP_NFTABLES.rawValue))
    }

    private static func set(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: some BitwiseCopyable
    ) throws(NetlinkError) {
        let status = unsafe withUnsafeBytes(of: value) { bytes in
            unsafe setsockopt(descriptor, level, option, bytes.baseAddress, socklen_t(bytes.count))
        }
        guard status == 0 else { throw .systemCall("setsockopt", ErrorNumber(errno)) }
    }

    /// Beyond the system's limits this needs CAP_NET_ADMIN, and not only in a user namespace; without it there is as much
    /// room as the system allows.
    package func reserveBuffers(send: Int, receive: Int) {
        let wishes = [(SO_SNDBUFFORCE, SO_SNDBUF, send), (SO_RCVBUFFORCE, SO_RCVBUF, receive)]
        for (forced, polite, bytes) in wishes {
            for option in [forced, polite] {
                do throws(NetlinkError) {
                    try Self.set(descriptor, SOL_SOCKET, option, Int32(clamping: bytes))
                    break
                } catch {
                    continue
                }
            }
        }
    }

    /// The kernel works on the message before this returns.
    package func send(_ bytes: ArraySlice<UInt8>) throws(NetlinkError) {
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        let length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        let (sent, error) = repeatWhileInterrupted {
            unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe bytes.withUnsafeBytes { bytes in
                        unsafe sendto(descriptor, bytes.baseAddress, bytes.count, 0, pointer, length)
                    }
                }
            }
        }
        if sent == bytes.count { return }
        // A message that does not fit means that the room for it was not granted.
        if sent < 0, error.meansNotPermitted || error.number == EMSGSIZE { throw .notPermitted }
        throw .systemCall("sendto", sent < 0 ? error : ErrorNumber(EMSGSIZE))
    }

    package func receive(wait: Bool) throws(NetlinkError) -> NetlinkReceived {
        while true {
            var sender = sockaddr_nl()
            var (count, error) = (0, ErrorNumber(0))
            let datagram = unsafe [UInt8](unsafeUninitializedCapacity: Self.longestDatagram) { buffer, length in
                (count, error) = repeatWhileInterrupted { unsafe receive(into: buffer, wait, from: &sender) }
                length = min(max(count, 0), buffer.count)
            }
            guard count >= 0 else {
                switch error.number {
                case EAGAIN where wait: throw .repliesLost("none came within \(timeLimit)")
                case EAGAIN: return .nothing
                case ENOBUFS: return .overrun
                default: throw .systemCall("recvfrom", error)
                }
            }
            // Other processes can write to the socket too.
            guard sender.nl_pid == 0 else { continue }
            guard count <= datagram.count else { throw .repliesLost("one was longer than \(datagram.count) bytes") }
            return .datagram(datagram)
        }
    }

    /// The length of the next datagram, which may be more than there is room for (`MSG_TRUNC`).
    private func receive(
        into buffer: UnsafeMutableBufferPointer<UInt8>, _ wait: Bool, from sender: inout sockaddr_nl
    ) -> Int {
        let flags = Int32(MSG_TRUNC) | (wait ? 0 : Int32(MSG_DONTWAIT))
        var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
        return unsafe withUnsafeMutablePointer(to: &sender) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe recvfrom(descriptor, buffer.baseAddress, buffer.count, flags, pointer, &length)
            }
        }
    }

    /// The result of a system call, and the error where that is negative.
    private func repeatWhileInterrupted(_ call: () -> Int) -> (Int, ErrorNumber) {
        while true {
            let result = call()
            let number = errno
            if result >= 0 || number != EINTR { return (result, ErrorNumber(number)) }
        }
    }
}
