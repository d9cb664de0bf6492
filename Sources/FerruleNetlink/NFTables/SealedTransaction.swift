// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// A transaction as the bytes that the kernel is sent, ready for another process to send at another time. It depends on
/// nothing but the kernel.
package struct SealedTransaction: Sendable {
    let batch: Batch

    package init(_ transaction: Transaction) throws(NetlinkError) { batch = try BatchEncoder.encode(transaction) }

    /// The messages from the batch's begin to its end.
    package var bytes: [UInt8] { batch.bytes }

    /// nil unless the bytes are those of ``bytes-swift.property``, whole.
    package init?(bytes: [UInt8]) {
        var batch = Batch()
        var offset = 0
        var offsets: [Int] = []
        while let message = NetlinkMessage(startOf: bytes[offset...]) {
            offsets.append(offset)
            offset += (message.bytes.count + 3) & ~3
        }
        // At least begin and end.
        guard offset == bytes.count, offsets.count >= 2, let end = offsets.last else { return nil }
        batch.bytes = bytes
        batch.endOffset = end
        batch.messages = offsets.dropFirst().dropLast().enumerated().map { number, offset in
            Batch.Message(offset: offset, subject: .operation(number), firstElement: 0)
        }
        self.batch = batch
    }
}
