// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetlink
internal import Foundation
internal import Glibc

/// The apply's view of its watchdog: a process of the same program that outlives it, and that speaks in lines with it.
struct WatchdogProcess: ~Copyable {
    /// What the apply tells its watchdog.
    enum Order: String {
        /// The new ruleset stands: the time runs from now.
        case applied
        /// The user keeps the new ruleset.
        case confirm
        /// Nothing was applied: go.
        case cancel
        /// Something went wrong: put the previous ruleset back at once.
        case restore
    }

    /// What the watchdog tells the apply.
    enum Report: Equatable {
        /// The kernel accepts the transaction that puts the previous ruleset back, and the time runs.
        case ready
        case confirmed
        case cancelled
        case restored
        /// The previous ruleset could not be put back, or not be prepared; why.
        case failed(String)
        /// The watchdog has ended without a word.
        case gone
    }

    private let orders: OpenFile
    private let reports: OpenFile
    private let process: pid_t

    /// Which descriptors the watchdog finds its things at.
    static let transactionDescriptor: Int32 = 3
    static let lockDescriptor: Int32 = 4

    /// Starts a watchdog, hands it the transaction and the lock, and waits until it is ready.
    init(
        _ transaction: SealedTransaction, seconds: Int, in folder: ConfirmationFolder, lock: consuming OpenFile
    ) throws(ConfirmationError) {
        let file = try folder.unnamedFile()
        guard file.write(transaction.bytes) else { throw .system(errno) }
        let toWatchdog = try OpenFile.pipe()
        let fromWatchdog = try OpenFile.pipe()
        process = try Self.start(
            ["ferrule", WatchdogCommand.name, "--seconds", "\(seconds)", "--folder", folder.path],
            descriptors: [
                (toWatchdog.reading.number, 0), (fromWatchdog.writing.number, 1),
                (file.number, Self.transactionDescriptor), (lock.number, Self.lockDescriptor),
            ])
        orders = toWatchdog.writing
        reports = fromWatchdog.reading
        _ = consume file
        close(toWatchdog.reading.number)
        close(fromWatchdog.writing.number)
        switch nextReport() {
        case .ready: break
        case .failed(let reason): throw .watchdog(reason)
        default: throw .watchdog("it ended before it was ready")
        }
    }
}
