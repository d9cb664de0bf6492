// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The most memory that this process has held at once (its resident set).
enum PeakMemory {
    /// Starts measuring anew from what is held now (`proc(5)`, `clear_refs`).
    static func reset() throws {
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// Bytes since the last reset.
    static func bytes() throws -> Int { try field("VmHWM:") }

    /// Bytes that the process holds now.
    static func resident() throws -> Int { try field("VmRSS:") }

    private static func field(_ name: String) throws -> Int {
        let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
            let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { throw BenchError("/proc/self/status has no \(name)") }
        return kibibytes * 1024
    }
}
