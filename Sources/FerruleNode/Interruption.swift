// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Signals by which a user or a service manager ends the process, held until it can say what becomes.
package enum Interruption {
    private static let signalNumber = Atomic<Int32>(0)

    /// From now on SIGINT (Ctrl-C) and SIGTERM only set ``isRequested``; what was ignored before stays so.
    package static func hold() {
        // A handler may not be what makes the value.
        _ = signalNumber.load(ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            let before = signal(number) { Interruption.signalNumber.store($0, ordering: .relaxed) }
            if unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                signal(number, SIG_IGN)
            }
        }
    }

    /// Whether one came since.
    package static var isRequested: Bool { signalNumber.load(ordering: .relaxed) != 0 }

    /// Ends the process as the signal would have, so that a shell knows.
    package static func end() -> Never {
        let number = signalNumber.load(ordering: .relaxed)
        signal(number, SIG_DFL)
        raise(number)
        _exit(128 + number)
    }
}
