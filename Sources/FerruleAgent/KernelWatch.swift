// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import FerruleNetlink
internal import FerruleRuleset
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
