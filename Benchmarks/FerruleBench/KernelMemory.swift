// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// What the kernel has allocated of the kinds that rulesets are made of: objects in the general caches (`kmalloc-*`), whatever
/// is too large for these, and virtually contiguous memory. It counts the whole machine's, so a difference is that of one step
/// only as far as nothing else happens meanwhile: removing a ruleset takes a moment, loading one may take many seconds.
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
        let caches = try caches()
        let total = try fields("/proc/meminfo", ["Slab:", "VmallocUsed:"]) * 1024
        return total - caches.pages + caches.general
    }

    /// What all caches occupy, and what is in use of the general ones: an occupied page may hold few objects.
    private static func caches() throws -> (pages: Int, general: Int) {
        let text = try String(contentsOf: URL(filePath: "/proc/slabinfo"), encoding: .utf8)
        var (pages, general) = (0, 0)
        for line in text.split(separator: "\n").dropFirst(2) {
            // Name, objects in use, objects, bytes of one, objects a slab, pages a slab; slabs at place 14.
            let words = line.split(separator: " ")
            let numbers = words.map { Int($0) ?? 0 }
            guard words.count > 14 else { continue }
            pages += numbers[14] * numbers[5] * Int(getpagesize())
            if words[0].hasPrefix("kmalloc-") { general += numbers[1] * numbers[3] }
        }
        return (pages, general)
    }

    /// The sum of some lines of a file of names and numbers.
    private static func fields(_ path: String, _ wanted: Set<Substring>) throws -> Int {
        let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
        return text.split(separator: "\n").reduce(0) { sum, line in
            let words = line.split(separator: " ")
            return words.count > 1 && wanted.contains(words[0]) ? sum + (Int(words[1]) ?? 0) : sum
        }
    }
}
