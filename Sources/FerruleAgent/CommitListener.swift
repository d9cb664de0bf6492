// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetlink
internal import FerruleNode
internal import Glibc
internal import Logging

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
