// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import Glibc

/// Owns a netlink socket of the netfilter subsystem (`NETLINK_NETFILTER`).
@safe struct NetlinkSocket: ~Copyable {
    private let pointer: OpaquePointer

    init() throws(NetlinkError) {
        guard let pointer = unsafe mnl_socket_open2(NETLINK_NETFILTER, Int32(SOCK_CLOEXEC.rawValue)) else {
            let error = ErrorNumber(errno)
            throw error.meansUnsupported ? .unsupported([]) : .systemCall("socket", error)
        }
        guard unsafe mnl_socket_bind(pointer, 0, MNL_SOCKET_AUTOPID) == 0 else {
            let error = ErrorNumber(errno)
            unsafe mnl_socket_close(pointer)
            throw .systemCall("bind", error)
        }
        unsafe self.pointer = pointer
    }

    deinit { unsafe mnl_socket_close(pointer) }

    /// Errors name the attribute at fault and do not repeat the message, which may be 64 KiB long.
    func askForShortErrors() throws(NetlinkError) {
        for option in [NETLINK_CAP_ACK, NETLINK_EXT_ACK] {
            var on: Int32 = 1
            let size = socklen_t(MemoryLayout<Int32>.size)
            guard unsafe mnl_socket_setsockopt(pointer, Int32(option), &on, size) == 0 else {
                throw .systemCall("setsockopt", ErrorNumber(errno))
            }
        }
    }

    /// Makes room for sending and receiving this many bytes at once. Beyond the system's limits this needs
    /// CAP_NET_ADMIN, and not only in a user namespace; without it there is as much room as the system allows.
    func reserveBuffers(send: Int, receive: Int) {
        let wishes = [(SO_SNDBUFFORCE, SO_SNDBUF, send), (SO_RCVBUFFORCE, SO_RCVBUF, receive)]
        for (forced, polite, bytes) in wishes where !setOption(forced, bytes) { _ = setOption(polite, bytes) }
    }

    private func setOption(_ option: Int32, _ value: Int) -> Bool {
        var value = Int32(clamping: value)
        let size = socklen_t(MemoryLayout<Int32>.size)
        return unsafe setsockopt(mnl_socket_get_fd(pointer), SOL_SOCKET, option, &value, size) == 0
    }

    /// Sends all bytes as one message; the kernel works on it before this returns.
    func send(_ bytes: ArraySlice<UInt8>) throws(NetlinkError) {
        let (sent, error) = repeatWhileInterrupted {
            unsafe bytes.withUnsafeBytes { unsafe mnl_socket_sendto(pointer, $0.baseAddress, $0.count) }
        }
        if sent == bytes.count { return }
        // A message that does not fit means that the room for it was not granted.
        if sent < 0, error.meansNotPermitted || error.number == EMSGSIZE { throw .notPermitted }
        throw .systemCall("sendmsg", sent < 0 ? error : ErrorNumber(EMSGSIZE))
    }

    /// What stands in the socket's receive buffer.
    enum Received {
        case datagram([UInt8])
        /// Nothing at the moment.
        case nothing
        /// The buffer was full and something was lost; what it held can still be received.
        case overrun
    }

    /// The next datagram of the kernel's replies, waiting for one if there is none and that is asked for.
    func receive(wait: Bool) throws(NetlinkError) -> Received {
        let descriptor = unsafe mnl_socket_get_fd(pointer)
        let flags = wait ? 0 : Int32(MSG_DONTWAIT)
        var (count, error) = (0, ErrorNumber(0))
        let datagram = unsafe [UInt8](unsafeUninitializedCapacity: 64 * 1024) { buffer, length in
            (count, error) = repeatWhileInterrupted { unsafe recv(descriptor, buffer.baseAddress, buffer.count, flags) }
            length = max(count, 0)
        }
        guard count < 0 else { return .datagram(datagram) }
        switch error.number {
        case EAGAIN: return .nothing
        case ENOBUFS: return .overrun
        default: throw .systemCall("recv", error)
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
