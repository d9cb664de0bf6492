// SPDX-License-Identifier: Apache-2.0

/// A 64-bit FNV-1a hash of text: the same on every machine and every run, unlike Swift's own.
package func stableHash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
