// SPDX-License-Identifier: Apache-2.0

package import Logging
internal import Synchronization

/// What a program says.
package final class RecordedLog: Sendable {
    private let lines = Mutex<[String]>([])

    package init() {}

    /// Each message in a line, behind its level.
    package var text: String { lines.withLock { $0.joined(separator: "\n") } }

    package var logger: Logger { Logger(label: "agent") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        init(log: RecordedLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.lines.withLock { $0.append("\(event.level.rawValue) \(event.message)") }
        }
    }
}
