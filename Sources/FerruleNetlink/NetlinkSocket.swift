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
    /// CAP_NET_ADMIN.
    func reserveBuffers(send: Int, receive: Int) {
        for (option, bytes) in [(SO_SNDBUFFORCE, send), (SO_RCVBUFFORCE, receive)] {
            var bytes = Int32(clamping: bytes)
            let size = socklen_t(MemoryLayout<Int32>.size)
            _ = unsafe setsockopt(mnl_socket_get_fd(pointer), SOL_SOCKET, option, &bytes, size)
        }
    }

    /// Sends all bytes as one message; the kernel works on it before this returns.
    func send(_ bytes: ArraySlice<UInt8>) throws(NetlinkError) {
        let sent = unsafe bytes.withUnsafeBytes { buffer in
            var result: Int
            repeat {
                result = unsafe mnl_socket_sendto(pointer, buffer.baseAddress, buffer.count)
            } while result < 0 && errno == EINTR
            return result
        }
        guard sent == bytes.count else {
            let error = ErrorNumber(sent < 0 ? errno : EMSGSIZE)
            throw error.meansNotPermitted ? .notPermitted : .systemCall("sendmsg", error)
        }
    }

    /// The next datagram of the kernel's replies. With `wait` false, nil when there is none at the moment.
    func receive(wait: Bool) throws(NetlinkError) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let descriptor = unsafe mnl_socket_get_fd(pointer)
        let flags = wait ? 0 : Int32(MSG_DONTWAIT)
        var count: Int
        repeat {
            count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor, bytes.baseAddress, bytes.count, flags)
            }
        } while count < 0 && errno == EINTR
        if count < 0 {
            if errno == EAGAIN { return nil }
            let error = ErrorNumber(errno)
            throw error.number == ENOBUFS ? .repliesLost("\(error)") : .systemCall("recv", error)
        }
        return Array(buffer[..<count])
    }
}
