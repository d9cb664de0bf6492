// SPDX-License-Identifier: Apache-2.0

/// The 64-bit hash FNV-1a of a text. It says where an allocation starts to look for a free place, so it can never be exchanged
/// for a better one: addresses that clusters have in use follow from it.
package func fnv1a(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
