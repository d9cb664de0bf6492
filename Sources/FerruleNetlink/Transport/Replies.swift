// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// What the kernel says of a batch: errors by message, and the acknowledgement of the last message.
struct Replies {
    /// Whom the answers are for.
    private let portID: UInt32

    init(portID: UInt32) { self.portID = portID }

    struct Failure: Equatable {
        let sequence: UInt32
        let error: ErrorNumber
        /// Where in the message the attribute at fault starts (`NLMSGERR_ATTR_OFFS`), if the kernel says.
        let attributeOffset: Int?
    }

    private(set) var failures: [Failure] = []
    /// The sequence numbers of messages that were accepted.
    private(set) var acknowledged: Set<UInt32> = []
    /// Whether none was lost.
    var areComplete = true

    /// Reads a datagram of `NLMSG_ERROR` messages; other messages are passed over, and those for others.
    ///
    /// Behind the header stand the error, negative or 0 (`struct nlmsgerr`), the header of the message that it is
    /// about, and attributes, which the socket asks for by `NETLINK_EXT_ACK`.
    mutating func read(_ datagram: [UInt8]) throws(NetlinkError) {
        for message in try NetlinkMessage.split(datagram) where message.portID == portID {
            guard message.type == UInt16(NLMSG_ERROR), let error = message.error,
                message.bytes.count >= Replies.attributesOffset
            else { continue }
            let sequence = message.bytes.word(at: NetlinkMessage.headerLength + 4 + 8)
            guard error.number != 0 else {
                acknowledged.insert(sequence)
                continue
            }
            let offset = NetlinkAttribute.list(in: message.bytes, from: Replies.attributesOffset)
                .first { $0.type == Int(NLMSGERR_ATTR_OFFS.rawValue) && $0.end - $0.offset >= 8 }
                .map { Int($0.value(in: message.bytes).word(at: 0)) }
            failures.append(Failure(sequence: sequence, error: error, attributeOffset: offset))
        }
    }

    private static let attributesOffset = 2 * NetlinkMessage.headerLength + 4
}

extension NetlinkMessage {
    /// The error of an `NLMSG_ERROR` message, number 0 for an acknowledgement, or of the `NLMSG_DONE` that ends a dump,
    /// 0 where it is whole; nil for other messages.
    var error: ErrorNumber? {
        guard type == UInt16(NLMSG_ERROR) || type == UInt16(NLMSG_DONE),
            bytes.count >= NetlinkMessage.headerLength + 4
        else { return nil }
        return ErrorNumber(-Int32(bitPattern: bytes.word(at: NetlinkMessage.headerLength)))
    }
}
