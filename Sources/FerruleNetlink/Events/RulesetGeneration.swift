// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// What the kernel says of a commit (`NFT_MSG_NEWGEN`, `enum nft_gen_attributes`).
struct RulesetGeneration {
    /// The number of the ruleset, never 0: that means any number in a batch.
    let number: UInt32
    /// Who committed: the process's number in the first PID namespace, and its name (`comm`, at most 15 bytes).
    let process: Int32
    let processName: String

    /// nil unless the message says a number.
    init?(_ message: NetlinkMessage) {
        guard let number = message.number(NFTA_GEN_ID.rawValue), number != 0 else { return nil }
        self.number = number
        process = Int32(bitPattern: message.number(NFTA_GEN_PROC_PID.rawValue) ?? 0)
        processName = message.text(Int(NFTA_GEN_PROC_NAME.rawValue)) ?? ""
    }
}
