// SPDX-License-Identifier: Apache-2.0

/// The messages of one transaction, ready to be sent in one piece.
package struct Batch: Sendable {
    /// A message between the batch's begin and end.
    package struct Message: Sendable, Equatable {
        /// Where it starts in the bytes.
        package let offset: Int
        package let subject: Subject
        /// The first of the operation's elements that it carries.
        package let firstElement: Int
    }

    /// What a message is there for.
    package enum Subject: Sendable, Equatable {
        /// What must still be so.
        case binding
        /// The operation with an index.
        case operation(Int)
        /// The claim that is left for the next transaction.
        case claim
    }

    /// The sequence number of the begin message; the messages count on from it.
    static let firstSequence: UInt32 = 1

    package internal(set) var bytes: [UInt8] = []
    package internal(set) var messages: [Message] = []
    /// Where the end message starts: without it the kernel checks the transaction and then forgets it.
    package internal(set) var endOffset = 0

    /// Appends the messages of another one, which get the sequence numbers that follow.
    mutating func append(_ other: Batch) {
        let start = bytes.count
        bytes += other.bytes
        for message in other.messages {
            let offset = start + message.offset
            messages.append(Message(offset: offset, subject: message.subject, firstElement: message.firstElement))
            // In host order (`nlmsg_seq` in `linux/netlink.h`).
            let sequence = Batch.firstSequence + UInt32(messages.count)
            unsafe withUnsafeBytes(of: sequence) { number in
                for index in 0..<number.count {
                    unsafe bytes[offset + NetlinkMessage.sequenceOffset + index] = number[index]
                }
            }
        }
    }

    /// The message that a sequence number in a reply stands for.
    func message(sequence: UInt32) -> Message? {
        guard sequence > Batch.firstSequence else { return nil }
        let index = Int(sequence - Batch.firstSequence) - 1
        return index < messages.count ? messages[index] : nil
    }
}
