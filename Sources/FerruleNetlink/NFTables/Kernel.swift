// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// The nf_tables of the network namespace that the thread is in.
package struct Kernel: Sendable {
    /// Opens a way to the kernel.
    let connect: @Sendable (NetlinkPurpose) throws(NetlinkError) -> any NetlinkTransport

    /// - Parameter connect: opens a way to the kernel, in the network namespace of the thread that asks for it. One that commits by
    ///   the same transport again and again knows its commits among all by ``RulesetCommit/portID``; reading takes several.
    package init(
        connect: @escaping @Sendable (NetlinkPurpose) throws(NetlinkError) -> any NetlinkTransport = {
            purpose throws(NetlinkError) in try NetlinkSocket(purpose)
        }
    ) {
        self.connect = connect
    }

    /// Whether a batch is to take effect, or only to be judged.
    package enum Mode: Sendable {
        case commit
        /// The kernel validates the whole transaction, then forgets it.
        case check
    }

    /// Carries out a transaction: all of it, or nothing and an error that names each step that was refused.
    ///
    /// - Parameters:
    ///   - binding: what must still be so; throws ``NetlinkError/changedUnderway`` if it is not.
    ///   - claim: is made by the transaction.
    package func apply(
        _ transaction: Transaction, bound binding: Binding = Binding(), leaving claim: Claim? = nil,
        _ mode: Mode = .commit
    ) throws(NetlinkError) {
        try send(BatchEncoder.encode(transaction, bound: binding, leaving: claim), of: transaction, mode)
    }

    /// Carries out a transaction that was sealed before, as ``apply(_:bound:leaving:_:)`` does.
    package func apply(_ sealed: SealedTransaction, _ mode: Mode = .commit) throws(NetlinkError) {
        try send(sealed.batch, of: nil, mode)
    }

    /// The part of ``apply(_:bound:leaving:_:)`` after encoding.
    package func send(_ batch: Batch, of transaction: Transaction?, _ mode: Mode = .commit) throws(NetlinkError) {
        guard let last = batch.messages.indices.last else { return }
        let transport = try connect(.transactions)
        // An error for each message fits: a reply of some 100 bytes takes 1 KiB of buffer with the kernel's overhead.
        let receiveBuffer = min(max(batch.messages.count, 256), 1 << 16) * 1024
        transport.reserveBuffers(send: batch.bytes.count + 64 * 1024, receive: receiveBuffer)
        // Late answers to an earlier batch would be taken for answers to this one.
        while try transport.receive(wait: false) != .nothing {}
        try transport.send(mode == .commit ? batch.bytes[...] : batch.bytes[..<batch.endOffset])

        // The kernel has worked on the batch already. A check changes nothing, whatever becomes of it.
        let doubt = mode == .check ? NetlinkError.repliesLost : NetlinkError.outcomeUnknown
        let replies: Replies
        do throws(NetlinkError) {
            replies = try readReplies(transport)
        } catch {
            switch error {
            case .systemCall(let call, let number): throw doubt("\(call): \(number)")
            case .repliesLost(let reason): throw doubt(reason)
            default: throw error
            }
        }
        guard replies.failures.isEmpty else { throw self.error(for: replies, batch, transaction) }
        guard replies.areComplete else { throw doubt("there were more than the socket could hold") }
        let lastSequence = Batch.firstSequence + UInt32(last) + 1
        guard replies.acknowledged.contains(lastSequence) else {
            throw doubt("the kernel did not acknowledge the last message")
        }
    }

    /// All replies to a batch: they are there once it is sent.
    private func readReplies(_ transport: any NetlinkTransport) throws(NetlinkError) -> Replies {
        var replies = Replies(portID: transport.portID)
        while true {
            switch try transport.receive(wait: false) {
            case .datagram(let datagram): try replies.read(datagram)
            case .overrun: replies.areComplete = false
            case .nothing: return replies
            }
        }
    }

    private func error(for replies: Replies, _ batch: Batch, _ transaction: Transaction?) -> NetlinkError {
        // Who lacks the capability hears of it about the batch as a whole; a single step is not permitted where a table
        // belongs to another process (flag `owner`).
        let isNotPermitted = replies.failures.contains {
            $0.error.meansNotPermitted && batch.message(sequence: $0.sequence) == nil
        }
        if isNotPermitted { return .notPermitted }
        let isAnother = replies.failures.contains { failure in
            failure.error.meansOtherGeneration || batch.message(sequence: failure.sequence)?.subject == .binding
        }
        if isAnother { return .changedUnderway }
        let refusals = replies.failures.map { failure in
            Refusal(
                step: step(failure, batch, transaction), error: failure.error, missing: missingModule(failure, batch))
        }
        let isLacking = refusals.contains { $0.missing != nil } || refusals.allSatisfy(\.error.meansUnsupported)
        return isLacking ? .unsupported(refusals) : .refused(refusals)
    }

    /// The module that the kernel has not found, where a failure means that.
    private func missingModule(_ failure: Replies.Failure, _ batch: Batch) -> KernelModule? {
        guard let message = batch.message(sequence: failure.sequence) else {
            // Said of the batch as a whole.
            return failure.error.meansUnsupported ? .nfTables : nil
        }
        guard failure.error.meansMissing else { return nil }
        return NetlinkMessage(startOf: batch.bytes[message.offset...]).flatMap {
            KernelModule.missing(for: $0, at: failure.attributeOffset)
        }
    }

    private func step(_ failure: Replies.Failure, _ batch: Batch, _ transaction: Transaction?) -> String {
        guard let message = batch.message(sequence: failure.sequence), case .operation(let index) = message.subject
        else {
            return "the transaction"
        }
        guard let operation = transaction?.operations[index] else {
            return "step \(index + 1) of the transaction that was kept"
        }
        guard let set = operation.elements, let offset = failure.attributeOffset,
            let encoded = NetlinkMessage(startOf: batch.bytes[message.offset...]),
            let position = ElementList.index(ofByteAt: offset, in: encoded),
            !set.isInterval, set.elements.indices.contains(message.firstElement + position)
        else { return operation.description }
        return operation.description(of: set.elements[message.firstElement + position])
    }
}
