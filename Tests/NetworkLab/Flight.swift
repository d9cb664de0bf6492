// SPDX-License-Identifier: Apache-2.0

internal import CNetworkLab
internal import FerruleNetwork
internal import Glibc

/// A probe under way: its socket, and its outcome once there is one.
struct Flight {
    private let probe: Probe
    let socket: Socket
    private let sourcePort: UInt16
    private var line: [UInt8] = []
    private(set) var outcome: Outcome?

    /// Makes the socket in the namespace of the current thread and sends the first packet. `freshPort` gives a port
    /// that the lab has not used.
    init(_ probe: Probe, from source: IPAddress?, freshPort: () -> UInt16) throws(LabError) {
        self.probe = probe
        socket = try Socket(probe.destination.family, probe.transport)
        try socket.keepErrors()
        if probe.transport == .tcp { try socket.resetOnClose() }
        sourcePort = try Self.bind(socket, probe, source, freshPort)
        // A raw socket's connection names an address only; a port would be taken for a protocol number.
        let port = probe.transport == .sctp ? 0 : probe.port
        let number = socket.connect(SocketAddress(probe.destination, port))
        if number != 0 { outcome = .refused(.error(number)) } else { send() }
    }

    /// Binds the source and returns the source port; ports taken by a server are passed over.
    private static func bind(
        _ socket: Socket, _ probe: Probe, _ source: IPAddress?, _ freshPort: () -> UInt16
    ) throws(LabError) -> UInt16 {
        let address = source ?? IPAddress(probe.destination.family, bits: 0)
        for _ in 0..<100 {
            let port = probe.sourcePort ?? freshPort()
            let number = socket.bind(SocketAddress(address, probe.transport == .sctp ? 0 : port))
            if number == 0 { return port }
            if number != EADDRINUSE || probe.sourcePort != nil {
                throw LabError("bind the source of \(probe) to \(SocketAddress(address, port))", errno: number)
            }
        }
        throw LabError("no free source port for \(probe)")
    }

    /// TCP sends by connecting. The others may hear EPERM here, which says only that a hook on this node dropped the
    /// packet: if it was a reject, an ICMP error follows.
    private mutating func send() {
        let number: Int32
        switch probe.transport {
        case .tcp: return
        case .udp: number = socket.send(Array("who is there?\n".utf8))
        case .sctp:
            let packet = SCTPPacket(
                source: sourcePort, destination: probe.port, verificationTag: 0, chunk: .initiate(tag: tag))
            number = socket.send(packet.bytes)
        }
        if number != 0, number != EPERM, number != ECONNREFUSED { outcome = .refused(.error(number)) }
    }

    /// The tag that the answer to this INIT must carry; it need not be a secret here.
    private var tag: UInt32 { UInt32(sourcePort) << 16 | UInt32(probe.port) | 1 }

    /// Whether the socket has more to wait for.
    var isUnderWay: Bool { outcome == nil }

    /// Looks at what has arrived.
    mutating func progress() {
        readErrors()
        while isUnderWay {
            switch socket.receive() {
            case .bytes(let bytes, _): take(bytes)
            case .failed(EAGAIN): return
            case .failed(let number):
                // An ICMP error may have arrived since, and both of its forms are ECONNREFUSED to a TCP socket.
                readErrors()
                if isUnderWay, probe.transport == .tcp {
                    outcome = .refused(number == ECONNREFUSED ? .reset : .error(number))
                }
                return
            }
        }
    }

    private mutating func readErrors() {
        while let queued = socket.nextError() {
            guard isUnderWay, isAboutThis(queued) else { continue }
            outcome = .refused(Refusal(queued.error))
        }
    }

    /// A raw socket gets the errors of all ports between its two addresses.
    private func isAboutThis(_ queued: Socket.QueuedError) -> Bool {
        guard probe.transport == .sctp else { return true }
        guard let header = SCTPPacket.Header(queued.payload) else { return false }
        return header.source == sourcePort && header.destination == probe.port
    }

    private mutating func take(_ bytes: [UInt8]) {
        switch probe.transport {
        case .tcp:
            line += bytes
            // The end of the stream without a line: not one of our servers.
            if bytes.isEmpty || line.last == UInt8(ascii: "\n") { finish(line) }
        case .udp: finish(bytes)
        case .sctp:
            guard let packet = SCTPPacket(SCTPPacket.payload(bytes, isIPv4: socket.family == .ipv4)),
                packet.source == probe.port, packet.destination == sourcePort, packet.verificationTag == tag
            else { return }
            switch packet.chunk {
            case .acknowledge(_, let cookie): finish(cookie)
            case .abort: outcome = .refused(.abort)
            case .initiate: return
            }
        }
    }

    private mutating func finish(_ line: [UInt8]) {
        guard let sighting = Sighting(line: line) else {
            outcome = .refused(.error(EPROTO))
            return
        }
        outcome = .answered(
            by: sighting.server.address, port: sighting.server.port, seenSource: sighting.client.address)
    }
}
