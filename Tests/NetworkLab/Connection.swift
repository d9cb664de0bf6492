// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import Glibc

/// A TCP connection that is kept open, to see what becomes of it while the ruleset changes; closed when the last
/// reference goes.
package final class Connection: Sendable {
    private let socket: Socket
    /// What the server said when the connection was made.
    package let greeting: Outcome

    fileprivate init(_ socket: Socket, greeting: Outcome) {
        (self.socket, self.greeting) = (socket, greeting)
    }

    /// Asks the server once more who it is.
    package func ask(timeout: Duration = .milliseconds(300)) -> Outcome {
        let number = socket.send(Array("who is there?\n".utf8))
        return number == 0 ? socket.nextAnswer(timeout) : .refused(.error(number))
    }
}

extension Lab {
    /// Opens a connection from where the probe says to where it says, and waits for the server's greeting.
    package func open(_ probe: Probe, timeout: Duration = .milliseconds(300)) throws(LabError) -> Connection {
        let source: IPAddress? = if case .address(let address) = probe.client { address } else { nil }
        let namespace = if let source { try holder(of: source) } else { node }
        let socket = try namespace.perform { () throws(LabError) in
            let socket = try Socket(probe.destination.family, .tcp)
            try socket.resetOnClose()
            let address = source ?? IPAddress(probe.destination.family, bits: 0)
            var number = socket.bind(SocketAddress(address, probe.sourcePort ?? freshPort()))
            if number == 0 { number = socket.connect(SocketAddress(probe.destination, probe.port)) }
            guard number == 0 else { throw LabError("connect \(probe)", errno: number) }
            return socket
        }
        return Connection(socket, greeting: socket.nextAnswer(timeout))
    }
}

extension Socket {
    /// The next line of a server.
    fileprivate func nextAnswer(_ timeout: Duration) -> Outcome {
        let deadline = ContinuousClock.now + timeout
        var line: [UInt8] = []
        while ContinuousClock.now < deadline {
            switch receive() {
            case .bytes(let bytes, _):
                if bytes.isEmpty { return .refused(.error(EPIPE)) }
                line += bytes
                if let sighting = Sighting(line: line), line.last == UInt8(ascii: "\n") {
                    return .answered(
                        by: sighting.server.address, port: sighting.server.port, seenSource: sighting.client.address)
                }
            case .failed(EAGAIN):
                var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
                _ = unsafe poll(&entry, 1, 10)
            case .failed(let number): return .refused(number == ECONNREFUSED ? .reset : .error(number))
            }
        }
        return .dropped
    }
}
