// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// What the kernel has allocated for its own objects: slabs that cannot be reclaimed, and virtually contiguous memory. It
/// counts the whole machine's, so a difference is that of one step only as far as nothing else happens meanwhile: removing a
/// ruleset takes a moment, loading one may take many seconds.
enum KernelMemory {
    /// What is freed by some work.
    static func bytes(freedBy work: () throws -> Void) throws -> Int {
        let before = try bytes()
        try work()
        // What readers may still look at is freed a little later.
        usleep(200_000)
        return before - (try bytes())
    }

    private static func bytes() throws -> Int {
        // Has the counters of each processor added up now instead of once a second.
        try? Data("1\n".utf8).write(to: URL(filePath: "/proc/sys/vm/stat_refresh"))
        let text = try String(contentsOf: URL(filePath: "/proc/meminfo"), encoding: .utf8)
        let wanted: Set<Substring> = ["SUnreclaim:", "VmallocUsed:"]
        return text.split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(separator: " ")
            guard words.count > 1, wanted.contains(words[0]), let kibibytes = Int(words[1]) else { return sum }
            return sum + kibibytes * 1024
        }
    }
}
