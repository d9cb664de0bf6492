// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import FerruleNetlink
internal import FerruleNode
internal import FerruleRuleset
internal import Glibc
internal import Logging

/// Hears of commits to Ferrule's tables that are not the agent's own, on a thread of its own.
struct KernelWatch {
    private let socket: NetlinkSocket

    /// Hears of what is committed from now on, in the network namespace of the thread.
    ///
    /// Throws ``NetlinkError`` where it may not.
    ///
    /// - Parameter ownPort: of the socket that the agent commits by.
    init(_ tables: [TableName], ownPort: UInt32, _ mailbox: Mailbox, _ log: Logger) throws(NetlinkError) {
        let socket = try NetlinkSocket(.events)
        self.socket = socket
        DispatchQueue(label: "ferrule.commits").async {
            var listener = CommitListener(
                RulesetEvents(of: tables, over: socket), ownPort: ownPort, mailbox, log)
            while true { listener.hear() }
        }
    }

    /// Does something of which no events are written, nor of what others commit meanwhile.
    ///
    /// Of all services at once they take the kernel as long as the elements themselves.
    func unheard<Result>(_ work: () throws(NetlinkError) -> Result) throws(NetlinkError) -> Result {
        try socket.hearCommits(false)
        let result: Result
        do throws(NetlinkError) {
            result = try work()
        } catch {
            try socket.hearCommits(true)
            throw error
        }
        try socket.hearCommits(true)
        return result
    }
}

/// Tells a mailbox of the commits of others.
struct CommitListener: ~Copyable {
    private var events: RulesetEvents
    private let ownPort: UInt32
    private let mailbox: Mailbox
    private let log: Logger
    /// For how many seconds nothing is heard after an error, which may come again at once.
    private let pause: UInt32
    private var troubles = Repetition()

    init(
        _ events: consuming RulesetEvents, ownPort: UInt32, _ mailbox: Mailbox, _ log: Logger, pause: UInt32 = 10
    ) {
        self.events = events
        (self.ownPort, self.mailbox, self.log, self.pause) = (ownPort, mailbox, log, pause)
    }

    /// Waits for something to hear, and tells of it. Where that cannot be understood, others may have committed.
    ///
    /// Not inlined: see ``FileSource``.
    @inline(never)
    mutating func hear() {
        events.wait()
        do throws(NetlinkError) {
            for event in try events.next() {
                switch event {
                case .lost: mailbox.report(intruder: "")
                case .commit(let commit) where commit.portID != ownPort && !commit.changes.isEmpty:
                    mailbox.report(intruder: commit.processName)
                case .commit: break
                }
            }
        } catch {
            if troubles.isDue(error.wording) {
                log.warning("what others commit cannot be heard of: \(error.wording); it is tried again")
            }
            mailbox.report(intruder: "")
            sleep(pause)
        }
    }
}
