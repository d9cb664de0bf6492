// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import Synchronization

/// The signals that an agent answers to: SIGTERM and SIGINT end it, SIGHUP has its configuration read again, SIGUSR1 switches
/// debug messages on and off.
package enum AgentSignals {
    private static let numbers = [SIGTERM, SIGINT, SIGHUP, SIGUSR1]
    /// The thread that waits for them; 0 while there is none.
    private static let waiter = Atomic<pthread_t>(0)

    private static var set: sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in numbers { unsafe sigaddset(&set, number) }
        return set
    }

    /// Keeps them from this thread, and from those that it starts.
    private static func hold() {
        var set = set
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Keeps them from this thread, and from those that it starts, and waits for them on a thread of its own. A thread that takes
    /// them all the same, as that of a library which waits for all signals, passes them on. Before there is an agent that takes out
    /// what is in the mailbox, nothing has been begun that would have to be brought to an end: the process ends at once then, with 0.
    ///
    /// From here on, who no longer reads what the agent says does not end it.
    package static func deliver(to mailbox: Mailbox) {
        _ = signal(SIGPIPE, SIG_IGN)
        hold()
        let isReady = DispatchSemaphore(value: 0)
        DispatchQueue(label: "ferrule.signals").async {
            waiter.store(pthread_self(), ordering: .relaxed)
            isReady.signal()
            var (set, number) = (set, Int32(0))
            while true {
                guard unsafe sigwait(&set, &number) == 0 else { continue }
                switch number {
                case SIGUSR1: AgentLog.toggleDebug()
                case SIGHUP: mailbox.reread(isAsked: true)
                case _ where !mailbox.isOpen: _exit(0)
                default: mailbox.end()
                }
            }
        }
        isReady.wait()
        for number in numbers { _ = signal(number) { pthread_kill(AgentSignals.waiter.load(ordering: .relaxed), $0) } }
    }
}
