// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import Foundation
import Testing

@testable import FerruleAgent

@Suite struct CommitListenerTests {
    /// Of which nothing can be read.
    private final class BrokenTransport: NetlinkTransport {
        private let pipe = Pipe()
        let portID: UInt32 = 1

        init() throws { try pipe.fileHandleForWriting.close() }

        /// Readable, since its other end is closed.
        var descriptor: Int32 { pipe.fileHandleForReading.fileDescriptor }

        func reserveBuffers(send: Int, receive: Int) {}
        func send(_ bytes: ArraySlice<UInt8>) throws(NetlinkError) {}
        func receive(wait: Bool) throws(NetlinkError) -> NetlinkReceived { throw .repliesLost("nothing is understood") }
    }

    @Test("what cannot be heard is said once, and each time somebody may have committed", .timeLimit(.minutes(1)))
    func errors() throws {
        let (mailbox, log) = (Mailbox(), RecordedLog())
        var listener = CommitListener(
            RulesetEvents(of: [.ferrule(.ipv4)], over: try BrokenTransport()), ownPort: 1, mailbox, log.logger, pause: 0
        )
        for _ in 0..<2 {
            listener.hear()
            #expect(mailbox.take(until: .now()).intruders == [""])
        }
        let said = log.text.split(separator: "\n")
        #expect(said.map { $0.hasPrefix("warning what others commit cannot be heard of: ") } == [true])
    }
}
