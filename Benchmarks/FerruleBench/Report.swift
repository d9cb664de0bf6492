// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the benchmark prints at the end: one table of all targets.
struct Report {
    private let limits: [Limit]

    init(_ limits: [Limit]) { self.limits = limits }

    var isWithinLimits: Bool { limits.allSatisfy(\.isMet) }

    var text: String {
        var table = TextTable(["target", "measured", "limit", ""])
        for limit in limits { table.add(limit.row) }
        return table.text
    }

    static var machine: String {
        let release = try? String(contentsOf: URL(filePath: "/proc/sys/kernel/osrelease"), encoding: .utf8)
        let load = try? String(contentsOf: URL(filePath: "/proc/loadavg"), encoding: .utf8)
        let processors = ProcessInfo.processInfo.activeProcessorCount
        return "Linux \((release ?? "").trimmingCharacters(in: .newlines)), \(processors) processors, "
            + "load average \(load?.split(separator: " ").first ?? "unknown")"
    }
}
