// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc

/// The signals that an agent answers to: SIGTERM and SIGINT end it, SIGHUP has its configuration read again, SIGUSR1 switches
/// debug messages on and off.
package enum AgentSignals {
    private static var set: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGUSR1] { unsafe sigaddset(&set, signal) }
        return set
    }

    /// Keeps them from this thread, and from those that it starts, until they are waited for. From here on, who no longer reads what
    /// the agent says does not end it.
    package static func hold() {
        _ = signal(SIGPIPE, SIG_IGN)
        var set = set
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for them on a thread of its own.
    package static func deliver(to mailbox: Mailbox) {
        DispatchQueue(label: "ferrule.signals").async {
            var (set, signal) = (set, Int32(0))
            while true {
                guard unsafe sigwait(&set, &signal) == 0 else { continue }
                switch signal {
                case SIGUSR1: AgentLog.toggleDebug()
                case SIGHUP: mailbox.reread(isAsked: true)
                default: mailbox.end()
                }
            }
        }
    }
}
