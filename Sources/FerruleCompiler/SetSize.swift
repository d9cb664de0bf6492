// SPDX-License-Identifier: Apache-2.0

/// How large the kernel is told that a map may get: hash buckets are made for it at once, and more elements are refused, so
/// that a table which outgrows a size is rebuilt.
///
/// The kernel makes 4/3 buckets an element, as a power of two, eight bytes each, with a header before them, and takes memory
/// in powers of two as well. At three quarters of a power of two the buckets are fewest for the elements; at the power itself
/// there would be twice as many for a third more elements, and for nothing else.
enum SetSize {
    /// nil for a small map, which gets no size: it grows by itself. A tenth more than is there has room.
    static func map(_ count: Int) -> Int? {
        guard count >= 768 else { return nil }
        var buckets = 1024
        while buckets / 4 * 3 < count + count / 10 { buckets *= 2 }
        return buckets / 4 * 3
    }
}
