// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import FerruleNetlink
internal import Glibc
internal import Synchronization

/// Waits for a confirmation, and puts the previous ruleset back if none comes.
///
/// Single-threaded: what is decided first counts, and everybody else is told so.
struct Watchdog: ~Copyable {
    private let folder: ConfirmationFolder
    private let transaction: SealedTransaction
    private let time: Duration
    private let listener: OpenFile
    private var deadline: ContinuousClock.Instant
    /// Whether the apply has said that the new ruleset stands, or has ended: it cannot be confirmed before.
    private var isSettled = false
    private var hearsApply = true

    /// How long an apply may take that is alive. One that takes longer is refused by the kernel, for putting the previous ruleset
    /// back removes the claim that the apply is bound to.
    private static let longestApply = Duration.seconds(60)
    /// How often putting back is tried, a tenth of a second apart.
    private static let attempts = 600

    private static let isAskedToEnd = Atomic<Bool>(false)

    /// Detaches the process from its terminal, has the kernel check the transaction, and listens: then it is ready.
    init(
        _ transaction: SealedTransaction, _ time: Duration, in folder: ConfirmationFolder
    ) throws {
        // Own session: neither a terminal nor a shell's job control reach it.
        _ = setsid()
        _ = unsafe chdir("/")
        for number in [SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTSTP, SIGUSR1, SIGUSR2] { signal(number, SIG_IGN) }
        // A parent's thread may have blocked what is meant to end this process.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigprocmask(SIG_SETMASK, &none, nil)
        _ = Watchdog.isAskedToEnd.load(ordering: .relaxed)
        signal(SIGTERM) { _ in Watchdog.isAskedToEnd.store(true, ordering: .relaxed) }
        (self.transaction, self.time, self.folder) = (transaction, time, folder)
        try Kernel().apply(transaction, .check)
        listener = try ConfirmationSocket.listen(at: folder.socketPath)
        deadline = .now + max(time, Watchdog.longestApply)
    }

    /// Returns when it is decided.
    consuming func run() -> WatchdogProcess.Report {
        while true {
            if let order = nextOrder() {
                switch order {
                case .applied:
                    isSettled = true
                    deadline = .now + time
                case .confirm: return ended(.confirmed)
                case .cancel: return ended(.cancelled)
                case .restore: return restore()
                }
            }
            var decision: WatchdogProcess.Report?
            if readable([listener.number], within: 0).contains(listener.number) {
                ConfirmationSocket.answer(listener) { question in
                    switch question {
                    case .remaining: return "\(max(0, (deadline - .now).components.seconds + 1))"
                    case .confirm:
                        guard isSettled else { return ConfirmationSocket.Answer.tooEarly }
                        decision = ended(.confirmed)
                        return ConfirmationSocket.Answer.confirmed
                    case .reject:
                        guard isSettled else { return ConfirmationSocket.Answer.tooEarly }
                        let report = restore()
                        decision = report
                        return report.line
                    }
                }
            }
            if let decision { return decision }
            if deadline <= .now || Watchdog.isAskedToEnd.load(ordering: .relaxed) { return restore() }
            let rest = milliseconds(deadline - .now)
            _ = readable((hearsApply ? [STDIN_FILENO] : []) + [listener.number], within: min(max(rest, 1), 200))
        }
    }

    /// What the apply has said, if anything; at its end the time runs at the latest.
    private mutating func nextOrder() -> WatchdogProcess.Order? {
        guard hearsApply, readable([STDIN_FILENO], within: 0).contains(STDIN_FILENO) else { return nil }
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while unsafe read(STDIN_FILENO, &byte, 1) == 1 {
            if byte == UInt8(ascii: "\n") {
                return WatchdogProcess.Order(rawValue: String(decoding: line, as: UTF8.self))
            }
            line.append(byte)
        }
        hearsApply = false
        if !isSettled {
            isSettled = true
            deadline = min(deadline, .now + time)
        }
        return nil
    }

    private func restore() -> WatchdogProcess.Report {
        var reason = ""
        for _ in 0..<Watchdog.attempts {
            do throws(NetlinkError) {
                try Kernel().apply(transaction)
                return ended(.restored)
            } catch {
                reason = error.wording
            }
            usleep(100_000)
        }
        return ended(.failed(reason))
    }

    private func ended(_ report: WatchdogProcess.Report) -> WatchdogProcess.Report {
        folder.remove()
        return report
    }
}
