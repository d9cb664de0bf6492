// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import Glibc

/// A socket that answers every client with a ``Sighting``.
struct Server {
    enum Kind {
        case tcpListener
        /// An answered connection, kept until the client closes it, so that no TIME_WAIT is left on this side.
        case tcpConnection(client: SocketAddress)
        case udp
        /// A raw socket answers for all ports of its address.
        case sctp(SCTPPorts)
    }

    let kind: Kind
    let socket: Socket
    let address: SocketAddress

    /// Makes the server's socket in the namespace of the current thread. The port is unused for SCTP.
    init(_ kind: Kind, _ transport: TransportProtocol, _ address: SocketAddress) throws(LabError) {
        self.kind = kind
        self.address = address
        socket = try Socket(address.address.family, transport)
        let number = socket.bind(address)
        guard number == 0 else { throw LabError("bind \(transport.name) \(address)", errno: number) }
        if transport == .tcp { try check("listen") { [socket] in listen(socket.number, 1024) } }
    }

    private init(connection: Socket, client: SocketAddress, of listener: Server) {
        (kind, socket, address) = (.tcpConnection(client: client), connection, listener.address)
    }

    /// What becomes of the server after an event.
    enum Progress {
        case stay
        case end
        case accepted([Server])
    }

    /// Answers whatever has arrived.
    func serve() -> Progress {
        switch kind {
        case .tcpListener: return .accepted(accept())
        case .tcpConnection(let client): return answerAgain(client) ? .stay : .end
        case .udp:
            forEachDatagram { _, client in
                _ = socket.send(Sighting(server: address, client: client).line, to: client)
            }
        case .sctp(let ports): forEachDatagram { answer($0, $1, ports) }
        }
        return .stay
    }

    private func accept() -> [Server] {
        var connections: [Server] = []
        while true {
            let (number, client) = unsafe SocketAddress.filled { unsafe Glibc.accept(socket.number, $0, $1) }
            guard number >= 0, let client else { return connections }
            let connection = Socket(accepted: number, socket.family)
            _ = fcntl(number, F_SETFL, O_NONBLOCK)
            _ = fcntl(number, F_SETFD, FD_CLOEXEC)
            _ = connection.send(Sighting(server: address, client: client).line)
            connections.append(Server(connection: connection, client: client, of: self))
        }
    }

    /// Answers whatever the client of a connection sends; `false` once it has closed it.
    private func answerAgain(_ client: SocketAddress) -> Bool {
        switch socket.receive() {
        case .bytes(let bytes, _):
            if bytes.isEmpty { return false }
            return socket.send(Sighting(server: address, client: client).line) == 0
        case .failed(let number): return number == EAGAIN
        }
    }

    private func forEachDatagram(_ body: ([UInt8], SocketAddress) -> Void) {
        while case .bytes(let bytes, let client) = socket.receive() {
            if let client { body(bytes, client) }
        }
    }

    /// Answers an INIT: INIT ACK where the port is served, ABORT elsewhere.
    private func answer(_ datagram: [UInt8], _ client: SocketAddress, _ ports: SCTPPorts) {
        guard let packet = SCTPPacket(SCTPPacket.payload(datagram, isIPv4: socket.family == .ipv4)),
            case .initiate(let tag) = packet.chunk
        else { return }
        let sighting = Sighting(
            server: SocketAddress(address.address, packet.destination),
            client: SocketAddress(client.address, packet.source))
        let reply = SCTPPacket(
            source: packet.destination, destination: packet.source, verificationTag: tag,
            chunk: ports.contains(packet.destination, on: address.address)
                ? .acknowledge(tag: ~tag | 1, cookie: sighting.line) : .abort)
        _ = socket.send(reply.bytes, to: SocketAddress(client.address, 0))
    }
}
