// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset
internal import Glibc

/// Hears of every commit to nf_tables in a network namespace, and tells what it did to some tables.
///
/// The kernel sends what a commit did, piece by piece, then its number; a commit is told when it is whole. A socket like this
/// makes commits of all programs somewhat dearer, since the kernel writes events only where somebody listens.
package struct RulesetEvents: ~Copyable {
    /// Room for the events of some hundred thousand changes at once.
    private static let room = 32 << 20

    private let transport: any NetlinkTransport
    private let tables: Set<TableName>
    /// What the commit that is being told did so far.
    private var changes: [RulesetChange] = []

    /// Hears of what is committed from now on, in the network namespace of the thread.
    ///
    /// Throws ``NetlinkError/notPermitted`` without CAP_NET_ADMIN.
    package init(of tables: [TableName]) throws(NetlinkError) {
        try self.init(of: tables) { purpose throws(NetlinkError) in try NetlinkSocket(purpose) }
    }

    init(
        of tables: [TableName], _ connect: (NetlinkPurpose) throws(NetlinkError) -> any NetlinkTransport
    ) throws(NetlinkError) {
        self.init(of: tables, over: try connect(.events))
    }

    /// Hears of what comes over a transport that was opened for events.
    package init(of tables: [TableName], over transport: any NetlinkTransport) {
        self.transport = transport
        transport.reserveBuffers(send: 0, receive: Self.room)
        self.tables = Set(tables)
    }

    /// Can be polled for reading: there is something to hear, perhaps only of other tables.
    package var descriptor: Int32 { transport.descriptor }

    /// Returns when there is something to hear, perhaps only of other tables.
    package func wait() {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&wanted, 1, -1)
    }

    /// What has arrived since, without waiting; nothing after a while of silence.
    package mutating func next() throws(NetlinkError) -> [RulesetEvent] {
        var events: [RulesetEvent] = []
        while let more = try receive(wait: false) { events += more }
        return events
    }

    /// Whether no commit touched the tables, up to the one with a number that the kernel has told, and since the last call.
    mutating func areUntouched(through generation: UInt32) throws(NetlinkError) -> Bool {
        while let events = try receive(wait: true) {
            for event in events {
                guard case .commit(let commit) = event, commit.changes.isEmpty else { return false }
                // Numbers count on from the largest to the smallest.
                if Int32(bitPattern: commit.generation &- generation) >= 0 { return true }
            }
        }
        return false
    }

    /// The commits that are whole by the next datagram; nil where there is none.
    private mutating func receive(wait: Bool) throws(NetlinkError) -> [RulesetEvent]? {
        switch try transport.receive(wait: wait) {
        case .nothing: return nil
        case .overrun:
            // Of the commit that was being told the rest may be missing.
            changes = []
            return [.lost]
        case .datagram(let datagram):
            var events: [RulesetEvent] = []
            for message in try NetlinkMessage.split(datagram) {
                if let change = RulesetChange(message), tables.contains(change.table) {
                    changes.append(change)
                } else if message.isNewGeneration, let generation = RulesetGeneration(message) {
                    let commit = RulesetCommit(
                        generation: generation.number, portID: message.portID, process: generation.process,
                        processName: generation.processName, changes: changes)
                    events.append(.commit(commit))
                    changes = []
                }
            }
            return events
        }
    }
}
