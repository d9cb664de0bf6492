// SPDX-License-Identifier: Apache-2.0

/// How large the kernel is told that a map may get: hash buckets are made for it at once, and more elements are refused.
enum SetSize {
    /// The next power of two above 1.3 times the need: checking the table visits every bucket, so no more than that.
    static func verdictMap(_ count: Int) -> Int? { sized(count, for: count + count * 3 / 10) }

    /// Twice the need, as a power of two.
    static func endpointMap(_ count: Int) -> Int? { sized(count, for: 2 * count) }

    /// A small map gets no size: it grows by itself.
    private static func sized(_ count: Int, for need: Int) -> Int? {
        guard count >= 1024 else { return nil }
        var size = 1024
        while size < need { size *= 2 }
        return size
    }
}
