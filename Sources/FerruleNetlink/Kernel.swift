// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// The nf_tables of the network namespace that the process is in.
package struct Kernel: Sendable {
    package init() {}

    /// Whether a batch is to take effect, or only to be judged.
    package enum Mode: Sendable {
        case commit
        /// The kernel validates the whole transaction, then forgets it.
        case check
    }

    /// Carries out a transaction: all of it, or nothing and an error that names each step that was refused.
    package func apply(_ transaction: Transaction, _ mode: Mode = .commit) throws(NetlinkError) {
        try send(BatchEncoder.encode(transaction), of: transaction, mode)
    }

    /// The part of ``apply(_:_:)`` after encoding.
    package func send(_ batch: Batch, of transaction: Transaction, _ mode: Mode = .commit) throws(NetlinkError) {
        guard let last = batch.messages.indices.last else { return }
        let socket = try NetlinkSocket()
        try socket.askForShortErrors()
        // An error for each message fits: a reply of some 100 bytes takes 1 KiB of buffer with the kernel's overhead.
        let receiveBuffer = min(max(batch.messages.count, 256), 1 << 16) * 1024
        socket.reserveBuffers(send: batch.bytes.count + 64 * 1024, receive: receiveBuffer)
        try socket.send(mode == .commit ? batch.bytes[...] : batch.bytes[..<batch.endOffset])

        var replies = Replies()
        while let datagram = try socket.receive(wait: false) { replies.read(datagram) }
        guard replies.failures.isEmpty else { throw error(for: replies, batch, transaction) }
        let lastSequence = Batch.firstSequence + UInt32(last) + 1
        guard replies.acknowledged.contains(lastSequence) else {
            throw .repliesLost("the kernel did not acknowledge the last message")
        }
    }

    private func error(for replies: Replies, _ batch: Batch, _ transaction: Transaction) -> NetlinkError {
        if replies.failures.contains(where: { $0.error.meansNotPermitted }) { return .notPermitted }
        let refusals = replies.failures.map { failure in
            Refusal(step: step(failure, batch, transaction), error: failure.error)
        }
        return replies.failures.allSatisfy(\.error.meansUnsupported) ? .unsupported(refusals) : .refused(refusals)
    }

    private func step(_ failure: Replies.Failure, _ batch: Batch, _ transaction: Transaction) -> String {
        guard let message = batch.message(sequence: failure.sequence) else { return "the transaction" }
        let operation = transaction.operations[message.operation]
        guard case .addElements(_, let set) = operation, let offset = failure.attributeOffset,
            let encoded = NetlinkMessage(startOf: batch.bytes[message.offset...]),
            let position = ElementList.index(ofByteAt: offset, in: encoded),
            !set.isInterval, set.elements.indices.contains(message.firstElement + position)
        else { return operation.description }
        return operation.description(of: set.elements[message.firstElement + position])
    }
}
