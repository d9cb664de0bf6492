// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import FerruleNetlink
internal import FerruleRuleset
internal import Foundation
internal import Synchronization

/// Hears of commits to Ferrule's tables that are not the agent's own, on a thread of its own.
enum KernelWatch {
    /// Hears of what is committed once this returns.
    ///
    /// - Parameter ownPort: of the socket that the agent commits by.
    static func start(
        _ tables: [TableName], ownPort: UInt32, _ mailbox: Mailbox
    ) throws(NetlinkError) {
        let (isListening, failure) = (DispatchSemaphore(value: 0), Failure())
        Thread.detachNewThread {
            do throws(NetlinkError) {
                var events = try RulesetEvents(of: tables)
                isListening.signal()
                while true {
                    events.wait()
                    for event in try events.next() {
                        switch event {
                        case .lost: mailbox.report(intruder: "")
                        case .commit(let commit) where commit.portID != ownPort && !commit.changes.isEmpty:
                            mailbox.report(intruder: commit.processName)
                        case .commit: break
                        }
                    }
                }
            } catch {
                // Later errors leave the regular comparison, which is told by the log of what it finds.
                failure.error.withLock { $0 = error }
                isListening.signal()
            }
        }
        isListening.wait()
        if let error = failure.error.withLock({ $0 }) { throw error }
    }

    private final class Failure: Sendable {
        let error = Mutex<NetlinkError?>(nil)
    }
}
