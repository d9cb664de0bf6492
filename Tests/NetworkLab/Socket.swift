// SPDX-License-Identifier: Apache-2.0

internal import CNetworkLab
internal import FerruleNetwork
internal import Glibc

/// A non-blocking socket of one family and protocol.
struct Socket {
    let descriptor: FileDescriptor
    let family: IPFamily
    var number: Int32 { descriptor.number }

    /// Makes a socket in the namespace of the current thread. SCTP gets a raw socket: kernels are often built without
    /// an SCTP of their own, but all of them carry and translate its packets.
    init(_ family: IPFamily, _ transport: TransportProtocol) throws(LabError) {
        let type =
            switch transport {
            case .tcp: SOCK_STREAM
            case .udp: SOCK_DGRAM
            case .sctp: SOCK_RAW
            }
        let flags = Int32(type.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = FileDescriptor(
            owning: try check("\(transport.name) socket") {
                socket(family.socketFamily, flags, Int32(transport.rawValue))
            })
        self.family = family
        guard transport != .sctp else { return }
        try setOption(SOL_SOCKET, SO_REUSEADDR, Int32(1))
        if family == .ipv6 { try setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, Int32(1)) }
    }

    /// Takes over a connected socket that `accept` made.
    init(accepted number: Int32, _ family: IPFamily) {
        descriptor = FileDescriptor(owning: number)
        self.family = family
    }

    func setOption<Value: BitwiseCopyable>(_ level: Int32, _ name: Int32, _ value: Value) throws(LabError) {
        try check("setsockopt \(level) \(name)") {
            unsafe withUnsafeBytes(of: value) {
                unsafe setsockopt(number, level, name, $0.baseAddress, socklen_t($0.count))
            }
        }
    }

    /// Has ICMP errors kept in the socket's error queue, where ``nextError()`` finds them.
    func keepErrors() throws(LabError) {
        switch family {
        case .ipv4: try setOption(Int32(IPPROTO_IP), IP_RECVERR, Int32(1))
        case .ipv6: try setOption(Int32(IPPROTO_IPV6), IPV6_RECVERR, Int32(1))
        }
    }

    /// Has `close` forget the connection with a RST instead of leaving it in TIME_WAIT.
    func resetOnClose() throws(LabError) {
        try setOption(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
    }

    /// Binds and returns 0 or the errno.
    func bind(_ address: SocketAddress) -> Int32 {
        unsafe address.withPointer { unsafe Glibc.bind(number, $0, $1) == 0 ? 0 : errno }
    }

    /// Connects and returns 0, also while the connection is only being made, or the errno.
    func connect(_ address: SocketAddress) -> Int32 {
        unsafe address.withPointer { pointer, length in
            if unsafe Glibc.connect(number, pointer, length) == 0 || errno == EINPROGRESS { return 0 }
            return errno
        }
    }

    /// The address that this socket sends from.
    var localAddress: SocketAddress? {
        unsafe SocketAddress.filled { unsafe getsockname(number, $0, $1) }.1
    }

    /// Sends without raising SIGPIPE, to the connected address or to another; returns 0 or the errno.
    func send(_ bytes: [UInt8], to address: SocketAddress? = nil) -> Int32 {
        let flags = Int32(MSG_NOSIGNAL)
        let sent = unsafe bytes.withUnsafeBytes { buffer in
            guard let address else { return unsafe Glibc.send(number, buffer.baseAddress, buffer.count, flags) }
            return unsafe address.withPointer {
                unsafe sendto(number, buffer.baseAddress, buffer.count, flags, $0, $1)
            }
        }
        return sent >= 0 ? 0 : errno
    }

    /// One attempt to receive.
    enum Received {
        case bytes([UInt8], from: SocketAddress?)
        case failed(errno: Int32)
    }

    /// Takes what has arrived: a piece of the stream or one datagram.
    func receive() -> Received {
        var buffer = [UInt8](repeating: 0, count: 2048)
        let (count, sender) = unsafe SocketAddress.filled { pointer, length in
            unsafe buffer.withUnsafeMutableBytes {
                unsafe recvfrom(number, $0.baseAddress, $0.count, 0, pointer, length)
            }
        }
        return count < 0 ? .failed(errno: errno) : .bytes(Array(buffer.prefix(count)), from: sender)
    }

    /// One entry of the error queue.
    struct QueuedError {
        let error: sock_extended_err
        /// The beginning of the packet that the error is about, from its transport header (raw sockets).
        let payload: [UInt8]
    }

    /// Takes the oldest entry off the error queue.
    func nextError() -> QueuedError? {
        var payload = [UInt8](repeating: 0, count: 512)
        var error = sock_extended_err()
        let count = unsafe payload.withUnsafeMutableBytes {
            unsafe network_lab_receive_error(number, $0.baseAddress, $0.count, &error)
        }
        return count < 0 ? nil : QueuedError(error: error, payload: Array(payload.prefix(count)))
    }
}
