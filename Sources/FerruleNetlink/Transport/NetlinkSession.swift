// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import Synchronization

/// Asks the kernel one thing after the other. What answers no question of this session, by sequence number and port, is passed
/// over.
struct NetlinkSession: ~Copyable {
    private let transport: any NetlinkTransport
    private var sequence: UInt32 = 0
    /// One number for each question of the process, so that a transport can be used by one session after the other.
    private static let lastSequence = Atomic<UInt32>(0)

    init(_ transport: any NetlinkTransport) { self.transport = transport }

    /// Asks for a list, and hands each object over as it arrives.
    ///
    /// What `read` throws is thrown after the end of the list: the session can be asked again.
    ///
    /// - Parameter request: a message with the flag `NLM_F_DUMP`.
    /// - Returns: whether somebody committed something to the subsystem meanwhile (`NLM_F_DUMP_INTR`). What that means
    ///   depends on the list: one that the kernel makes of a single table may be right all the same.
    mutating func dump(
        _ request: [UInt8], _ read: (NetlinkMessage) throws(NetlinkError) -> Void
    ) throws(NetlinkError) -> Bool {
        try send(request)
        var isInterrupted = false
        var problem: NetlinkError?
        while true {
            for message in try receive() {
                isInterrupted = isInterrupted || message.flags & UInt16(NLM_F_DUMP_INTR) != 0
                if let error = message.error, error.number != 0 { throw .asking(request, error) }
                if message.type == UInt16(NLMSG_DONE) {
                    if let problem { throw problem }
                    return isInterrupted
                }
                guard problem == nil else { continue }
                do throws(NetlinkError) { try read(message) } catch { problem = error }
            }
        }
    }

    /// Asks for one object.
    ///
    /// Throws ``NetlinkError/systemCall(_:_:)`` with ENOENT where there is no such object.
    mutating func get(_ request: [UInt8]) throws(NetlinkError) -> NetlinkMessage {
        try send(request)
        while true {
            for message in try receive() {
                if let error = message.error { throw .asking(request, error) }
                return message
            }
        }
    }

    /// As ``get(_:)``; nil where there is no such object.
    mutating func find(_ request: [UInt8]) throws(NetlinkError) -> NetlinkMessage? {
        do throws(NetlinkError) {
            return try get(request)
        } catch .systemCall(_, let error) where error.meansMissing {
            return nil
        }
    }

    /// Has something done by a message with the flag `NLM_F_ACK`.
    ///
    /// - Returns: the kernel's error; number 0 where it is done.
    mutating func perform(_ request: [UInt8]) throws(NetlinkError) -> ErrorNumber {
        try send(request)
        while true {
            for message in try receive() {
                if let error = message.error { return error }
            }
        }
    }

    private mutating func send(_ request: [UInt8]) throws(NetlinkError) {
        sequence = NetlinkSession.lastSequence.wrappingAdd(1, ordering: .relaxed).newValue
        var request = request
        let bytes = unsafe withUnsafeBytes(of: sequence) { unsafe Array($0) }
        request.replaceSubrange(NetlinkMessage.sequenceOffset..<NetlinkMessage.sequenceOffset + 4, with: bytes)
        try transport.send(request[...])
    }

    /// The messages of the next datagram that answer the last question.
    private func receive() throws(NetlinkError) -> [NetlinkMessage] {
        switch try transport.receive(wait: true) {
        case .datagram(let datagram):
            return try NetlinkMessage.split(datagram).filter {
                $0.sequence == sequence && $0.portID == transport.portID
            }
        case .overrun: throw .systemCall("recvfrom", .overrun)
        case .nothing: throw .repliesLost("none came")
        }
    }
}
