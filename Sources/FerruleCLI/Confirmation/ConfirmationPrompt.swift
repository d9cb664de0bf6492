// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FerruleNetlink
internal import Glibc

/// Waits in the foreground until the watchdog says how it ended, and passes Enter on to it.
struct ConfirmationPrompt {
    let console: Console
    let seconds: Int

    /// Returns if the new ruleset is confirmed, else throws the exit code.
    func wait(for watchdog: borrowing WatchdogProcess, restoration: SealedTransaction) throws {
        // What was typed before the question is no answer to it.
        if isatty(STDIN_FILENO) == 1 { _ = tcflush(STDIN_FILENO, TCIFLUSH) }
        console.note(
            "press Enter within \(counted(seconds, "second")) to keep this, or run `ferrule confirm`; "
                + "otherwise the previous ruleset is put back")
        var hearsInput = true
        while true {
            let ready = readable([watchdog.descriptor] + (hearsInput ? [STDIN_FILENO] : []), within: 60_000)
            if ready.contains(watchdog.descriptor) { return try end(watchdog.nextReport(), restoration) }
            guard ready.contains(STDIN_FILENO) else { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = unsafe read(STDIN_FILENO, &buffer, buffer.count)
            if count > 0, buffer[..<count].contains(UInt8(ascii: "\n")) { watchdog.tell(.confirm) }
            // An input at its end answers nothing: there may be no terminal.
            if count <= 0 { hearsInput = false }
        }
    }

    private func end(_ report: WatchdogProcess.Report, _ restoration: SealedTransaction) throws {
        switch report {
        case .confirmed:
            console.note("confirmed: the new ruleset stays")
            return
        case .restored:
            console.failure("not confirmed: the previous ruleset was put back")
        case .gone:
            try KernelAccess(console: console).perform(.applied) { kernel throws(NetlinkError) in
                try kernel.apply(restoration)
            }
            console.failure("the watchdog was ended by somebody: the previous ruleset was put back at once")
        case .failed(let reason):
            console.failure(
                "not confirmed, but the previous ruleset could not be put back: \(reason)",
                hint: "`ferrule status` tells what stands")
        case .ready, .cancelled:
            console.failure("the watchdog ended in an unexpected way", hint: "`ferrule status` tells what stands")
        }
        throw Failure.refused
    }
}
