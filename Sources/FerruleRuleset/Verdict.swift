// SPDX-License-Identifier: Apache-2.0

/// What becomes of a packet (`NF_ACCEPT`, `NF_DROP`, `NFT_GOTO`, `NFT_JUMP` in the kernel).
package enum Verdict: Sendable, Hashable {
    case accept
    case drop
    case goto(ChainName)
    case jump(ChainName)

    /// What nft calls it; the chain's name follows where there is one.
    package var keyword: String {
        switch self {
        case .accept: "accept"
        case .drop: "drop"
        case .goto: "goto"
        case .jump: "jump"
        }
    }

    /// The chain that the packet continues in.
    package var chain: ChainName? {
        switch self {
        case .goto(let chain), .jump(let chain): chain
        case .accept, .drop: nil
        }
    }
}
