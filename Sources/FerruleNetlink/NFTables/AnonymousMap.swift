// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// The map behind `numgen … vmap { 0 : …, 1 : … }`.
struct AnonymousMap {
    /// The kernel puts a number in the place of `%d`.
    static let name = "__map%d"

    static let flags = UInt32(NFT_SET_ANONYMOUS.rawValue | NFT_SET_CONSTANT.rawValue | NFT_SET_MAP.rawValue)

    /// nft's number of its type `integer`.
    static let keyType: UInt32 = 4

    private var listed: [(key: UInt32, verdict: Verdict)] = []
    /// Whether an element is none of such a map.
    private var isForeign = false

    /// Reads a message with elements, as the kernel lists them.
    mutating func read(_ message: NetlinkMessage) {
        for element in ElementList.elements(of: message) {
            let parts = element.nested(in: message)
            let bytes = message.bytes.span
            guard
                let key = parts.first(where: { $0.type == Int(NFTA_SET_ELEM_KEY.rawValue) })?
                    .first(NFTA_DATA_VALUE, in: bytes),
                let data = parts.first(where: { $0.type == Int(NFTA_SET_ELEM_DATA.rawValue) }),
                key.value.count == 4, let verdict = Verdict(attributes: data.value, bytes)
            else { return isForeign = true }
            listed.append((key.value(in: message.bytes).word(at: 0), verdict))
        }
    }

    /// The verdicts in the order of their keys, from 0; none if it is another kind of map.
    var verdicts: [Verdict] {
        let sorted = listed.sorted { $0.key < $1.key }
        return !isForeign && sorted.map(\.key) == Array(0..<UInt32(sorted.count)) ? sorted.map(\.verdict) : []
    }
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
