// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import FoundationEssentials
internal import Glibc
internal import Synchronization
internal import SystemPackage

/// One line on a terminal that says what the program is at, as soon as it has been at work for longer than a moment.
final class Progress: Sendable {
    private struct State {
        var work: String?
        /// When the first work began.
        var start: ContinuousClock.Instant?
        var isDrawing = false
        var isShown = false
    }

    /// How long nothing is shown.
    private static let moment = Duration.milliseconds(500)
    /// Back to the start of the line, which is erased.
    private static let erasure = "\r\u{1B}[K"

    private let state = Mutex(State())

    /// nil where nobody would see it.
    static func onTerminal() -> Progress? {
        let isTerminal = isatty(STDERR_FILENO) == 1 && !Console.isDumb
        return isTerminal ? Progress() : nil
    }

    /// Says what the program is at while it is.
    func show<Result: ~Copyable, Failure: Error>(
        _ work: String, during body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        begin(work)
        defer { hide { $0.work = nil } }
        return try body()
    }

    /// Lets something else be written to the terminal.
    func makeWay(for write: () -> Void) { hide { _ in write() } }

    private func begin(_ work: String) {
        state.withLock { state in
            state.work = work
            if state.start == nil { state.start = .now }
            guard !state.isDrawing else { return }
            state.isDrawing = true
            DispatchQueue(label: "ferrule.progress").async { while self.draw() { usleep(100_000) } }
        }
    }

    private func hide(_ change: (inout State) -> Void) {
        state.withLock { state in
            if state.isShown { Progress.print(Progress.erasure) }
            state.isShown = false
            change(&state)
        }
    }

    /// Draws the line anew; false where there is nothing to wait for.
    private func draw() -> Bool {
        state.withLock { state in
            guard let work = state.work, let start = state.start else {
                state.isDrawing = false
                return false
            }
            let time = start.duration(to: .now)
            if time >= Progress.moment {
                state.isShown = true
                let seconds = time.components.seconds
                Progress.print("\(Progress.erasure)\(work) ...\(seconds > 0 ? " \(seconds) s" : "")")
            }
            return true
        }
    }

    private static func print(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }
}
