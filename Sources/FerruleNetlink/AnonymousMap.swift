// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// The map behind `numgen … vmap { 0 : …, 1 : … }`.
enum AnonymousMap {
    /// The kernel puts a number in the place of `%d`.
    static let name = "__map%d"

    static let flags = UInt32(NFT_SET_ANONYMOUS.rawValue | NFT_SET_CONSTANT.rawValue | NFT_SET_MAP.rawValue)

    /// nft's number of its type `integer`.
    static let keyType: UInt32 = 4
}

enum VerdictMap {
    /// The kernel's `sizeof(struct nft_verdict)`.
    static let dataLength: UInt32 = 16
}

/// How a rule names the set that it looks up.
struct SetReference {
    let name: String
    /// Its number within the batch; 0 where the set stands in the kernel already.
    let id: UInt32
}
