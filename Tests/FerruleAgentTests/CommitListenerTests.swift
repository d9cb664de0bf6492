// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import Foundation
import Logging
import Synchronization
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
        let (mailbox, log) = (Mailbox(), Lines())
        var listener = CommitListener(
            RulesetEvents(of: [.ferrule(.ipv4)], over: try BrokenTransport()), ownPort: 1, mailbox, log.logger, pause: 0
        )
        for _ in 0..<2 {
            listener.hear()
            #expect(mailbox.take(until: .now()).intruders == [""])
        }
        #expect(log.all.map { $0.hasPrefix("what others commit cannot be heard of: ") } == [true])
    }
}

/// What is said.
private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        init(lines: Lines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.message)") } }
    }
}
