// SPDX-License-Identifier: Apache-2.0

internal import CAllocator

/// The memory of this process beyond what it uses (`mallopt(3)`, `malloc_trim(3)`).
package enum ProcessMemory {
    /// From now on, gives back large blocks as soon as they are freed.
    ///
    /// The C library would take the size of the largest one that was freed for the size of blocks that it keeps, up to 32 MiB:
    /// the arrays of objects, services and elements, each of which is needed for one step only, would add up.
    package static func returnLargeBlocks() { _ = mallopt(M_MMAP_THRESHOLD, 2 * 1024 * 1024) }

    /// Gives back what has been freed so far.
    package static func returnAll() { _ = malloc_trim(0) }
}
