// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// A message as it stands in a buffer: `struct nlmsghdr` and what follows it.
struct NetlinkMessage: Sendable {
    static let headerLength = MemoryLayout<nlmsghdr>.size
    /// The nfnetlink header behind it (`struct nfgenmsg`).
    static let familyHeaderLength = MemoryLayout<nfgenmsg>.size
    /// Where the sequence number stands.
    static let sequenceOffset = 8
    /// The attribute that names the table, in messages of the nf_tables subsystem of every kind.
    static let tableAttribute = Int(NFTA_TABLE_NAME.rawValue)

    let bytes: ArraySlice<UInt8>

    var type: UInt16 { bytes.halfWord(at: 4) }
    var flags: UInt16 { bytes.halfWord(at: 6) }
    var sequence: UInt32 { bytes.word(at: NetlinkMessage.sequenceOffset) }
    /// Of an answer whom it is for, of an event who caused it (`nlmsg_pid`).
    var portID: UInt32 { bytes.word(at: 12) }

    /// The message that starts a buffer; nil if the buffer holds no whole one.
    init?(startOf buffer: ArraySlice<UInt8>) {
        guard buffer.count >= NetlinkMessage.headerLength else { return nil }
        let length = Int(buffer.word(at: 0))
        guard length >= NetlinkMessage.headerLength, length <= buffer.count else { return nil }
        bytes = buffer.prefix(length)
    }

    /// All messages of a datagram; throws ``NetlinkError/repliesLost(_:)`` where the last one is not whole.
    static func split(_ datagram: [UInt8]) throws(NetlinkError) -> [NetlinkMessage] {
        var messages: [NetlinkMessage] = []
        var rest = datagram[...]
        while !rest.isEmpty {
            guard let message = NetlinkMessage(startOf: rest) else {
                throw .repliesLost("one was cut short")
            }
            messages.append(message)
            rest = rest.dropFirst((message.bytes.count + 3) & ~3)
        }
        return messages
    }

    /// The attributes of a message of the nf_tables subsystem.
    var attributes: NetlinkAttributes {
        NetlinkAttribute.list(in: bytes, from: NetlinkMessage.headerLength + NetlinkMessage.familyHeaderLength)
    }

    /// The text of the attribute of a type, without its final NUL.
    func text(_ type: Int) -> String? {
        attributes.first { $0.type == type }.map { attribute in
            String(decoding: attribute.value(in: bytes).prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}

/// One attribute (`struct nlattr`: length, type, value, padded to 4 bytes); offsets count from the start of the
/// message.
struct NetlinkAttribute {
    let type: Int
    let offset: Int
    let end: Int

    static let headerLength = MemoryLayout<nlattr>.size

    /// The attribute that starts at an offset in a message; nil where no whole one does before the end.
    init?(in message: Span<UInt8>, at offset: Int, end: Int) {
        guard offset + NetlinkAttribute.headerLength <= end else { return nil }
        func halfWord(at offset: Int) -> UInt16 {
            UInt16(littleEndian: UInt16(message[offset]) | UInt16(message[offset + 1]) << 8)
        }
        let length = Int(halfWord(at: offset))
        guard length >= NetlinkAttribute.headerLength, offset + length <= end else { return nil }
        type = Int(halfWord(at: offset + 2) & ~(UInt16(NLA_F_NESTED) | UInt16(NLA_F_NET_BYTEORDER)))
        self.offset = offset
        self.end = offset + length
    }

    /// Where the next attribute starts.
    var behind: Int { offset + ((end - offset + 3) & ~3) }

    /// Where the value stands.
    var value: Range<Int> { offset + NetlinkAttribute.headerLength..<end }

    /// The attributes within this one.
    func nested(in message: NetlinkMessage) -> NetlinkAttributes {
        NetlinkAttribute.list(in: message.bytes, from: value.lowerBound, to: end)
    }

    func value(in message: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        message[message.startIndex + value.lowerBound..<message.startIndex + end]
    }

    /// The attributes from an offset up to an end, by default the end of the message.
    static func list(in message: ArraySlice<UInt8>, from start: Int, to end: Int? = nil) -> NetlinkAttributes {
        NetlinkAttributes(message: message, offset: start, end: end ?? message.count)
    }
}

/// Attributes one behind the other, found while they are walked through.
struct NetlinkAttributes: Sequence, IteratorProtocol {
    fileprivate let message: ArraySlice<UInt8>
    fileprivate var offset: Int
    fileprivate let end: Int

    mutating func next() -> NetlinkAttribute? {
        guard let attribute = NetlinkAttribute(in: message.span, at: offset, end: end) else { return nil }
        offset = attribute.behind
        return attribute
    }
}

extension ArraySlice<UInt8> {
    /// 16 bits in host order, at an offset from the start.
    func halfWord(at offset: Int) -> UInt16 {
        UInt16(littleEndian: UInt16(self[startIndex + offset]) | UInt16(self[startIndex + offset + 1]) << 8)
    }

    /// 32 bits in host order, at an offset from the start.
    func word(at offset: Int) -> UInt32 {
        UInt32(halfWord(at: offset)) | UInt32(halfWord(at: offset + 2)) << 16
    }
}
