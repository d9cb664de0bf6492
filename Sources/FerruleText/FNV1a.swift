// SPDX-License-Identifier: Apache-2.0

/// The 64-bit hash FNV-1a of some bytes: few instructions for short texts. Addresses that clusters have in use follow from it,
/// and so do names and digests, so it can never be exchanged for a better one.
package func fnv1a(_ bytes: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
    return hash
}

/// The same of a text in UTF-8.
package func fnv1a(_ text: String) -> UInt64 { fnv1a(text.utf8.span) }
