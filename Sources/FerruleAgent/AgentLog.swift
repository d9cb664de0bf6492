// SPDX-License-Identifier: Apache-2.0

internal import FerruleText
internal import FoundationEssentials
package import Logging
internal import Synchronization
internal import SystemPackage

/// Writes messages to standard error, a line each.
package struct AgentLog: LogHandler {
    package enum Format: Sendable {
        /// `2026-11-26T10:00:00.123Z info shop/web: new, 3 endpoints`
        case text
        /// An object with `time`, `level` and `message`.
        case json
    }

    private static let isDebugging = Atomic(false)

    private let format: Format
    private let least: Logger.Level
    package var metadata: Logger.Metadata = [:]

    /// A logger of messages from a level on.
    package static func logger(_ format: Format, _ least: Logger.Level) -> Logger {
        Logger(label: "ferrule") { _ in AgentLog(format: format, least: least) }
    }

    private init(format: Format, least: Logger.Level) { (self.format, self.least) = (format, least) }

    /// Debug messages are written from now on, or no more.
    static func toggleDebug() {
        isDebugging.store(!isDebugging.load(ordering: .relaxed), ordering: .relaxed)
    }

    package var logLevel: Logger.Level {
        get { Self.isDebugging.load(ordering: .relaxed) ? .debug : least }
        // The level is the command's and the signal's.
        set {}
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let text = event.message.description.printable
        var bytes: [UInt8] = []
        switch format {
        case .text: bytes += Array("\(time) \(event.level.rawValue) \(text)\n".utf8)
        case .json:
            bytes += Array("{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\",\"message\":".utf8)
            bytes.appendJSONString(text.utf8.span)
            bytes += Array("}\n".utf8)
        }
        // Nobody can be told that nothing can be told.
        _ = try? FileDescriptor.standardError.writeAll(bytes)
    }
}
