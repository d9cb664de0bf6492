// SPDX-License-Identifier: Apache-2.0

internal import FerruleText
internal import ArgumentParser
internal import FerruleNetlink
internal import FerruleNode
internal import Glibc

/// Waits in the foreground until the watchdog says how it ended, and passes on what is typed.
struct ConfirmationPrompt {
    private let console: Console
    private let seconds: Int
    private let deadline: ContinuousClock.Instant
    /// What was typed of a line that has not ended yet.
    private var line: [UInt8] = []
    private var isRejected = false

    init(console: Console, seconds: Int) {
        (self.console, self.seconds) = (console, seconds)
        deadline = .now + .seconds(seconds)
    }

    /// Returns if the new ruleset is confirmed, else throws the exit code. A signal that asks the process to end, such as
    /// that of Ctrl-C, ends it after a word on what becomes.
    mutating func wait(for watchdog: borrowing WatchdogProcess, restoration: SealedTransaction) throws {
        // What was typed before the question is no answer to it.
        if isatty(STDIN_FILENO) == 1 { _ = tcflush(STDIN_FILENO, TCIFLUSH) }
        console.ask(
            "keep this? Enter or y within \(counted(seconds, "second")) keeps it, as `ferrule confirm` does; "
                + "n, or no answer, puts the previous ruleset back")
        var hearsInput = true
        while true {
            let ready = readable([watchdog.descriptor] + (hearsInput ? [STDIN_FILENO] : []), within: 200)
            if ready.contains(watchdog.descriptor) { return try end(watchdog.nextReport(), restoration) }
            if Interruption.isRequested {
                console.ask(
                    "interrupted: the previous ruleset is put back in \(remaining), unless `ferrule confirm` is run; "
                        + "`ferrule confirm --reject` puts it back at once")
                Interruption.end()
            }
            guard ready.contains(STDIN_FILENO) else { continue }
            // An input at its end answers nothing: there may be no terminal.
            hearsInput = hear(watchdog)
        }
    }

    /// Reads what was typed; false at the end of the input.
    private mutating func hear(_ watchdog: borrowing WatchdogProcess) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe read(STDIN_FILENO, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        for byte in buffer[..<count] {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            switch String(decoding: line, as: UTF8.self) {
            case "", "y": watchdog.tell(.confirm)
            case "n":
                isRejected = true
                watchdog.tell(.restore)
            default:
                console.ask(
                    "that is neither y nor n: Enter or y keeps this, n puts the previous ruleset back; "
                        + "\(remaining) left")
            }
            line = []
        }
        return true
    }

    /// `21 seconds`
    private var remaining: String { counted(Int(max(0, (deadline - .now).components.seconds + 1)), "second") }

    private func end(_ report: WatchdogProcess.Report, _ restoration: SealedTransaction) throws {
        let cause = isRejected ? "rejected" : "not confirmed"
        switch report {
        case .confirmed:
            console.note("confirmed: the new ruleset stays")
            return
        case .restored:
            console.failure("\(cause): the previous ruleset was put back")
        case .gone:
            try KernelAccess(console: console).perform(.applied) { kernel throws(NetlinkError) in
                try kernel.apply(restoration)
            }
            console.failure("the watchdog was ended by somebody: the previous ruleset was put back at once")
        case .failed(let reason):
            console.failure(
                "\(cause), but the previous ruleset could not be put back: \(reason)",
                hint: "`ferrule status` tells what stands")
        case .ready, .cancelled:
            console.failure("the watchdog ended in an unexpected way", hint: "`ferrule status` tells what stands")
        }
        throw Failure.refused
    }
}
