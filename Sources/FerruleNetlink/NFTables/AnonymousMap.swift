// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// The map behind `numgen … vmap { 0 : …, 1 : … }`.
enum AnonymousMap {
    /// The kernel puts a number in the place of `%d`.
    static let name = "__map%d"

    static let flags = UInt32(NFT_SET_ANONYMOUS.rawValue | NFT_SET_CONSTANT.rawValue | NFT_SET_MAP.rawValue)

    /// nft's number of its type `integer`.
    static let keyType: UInt32 = 4

    /// The verdicts in the order of their keys, from 0; none if it is another kind of map.
    static func verdicts(_ messages: [NetlinkMessage]) -> [Verdict] {
        var verdicts: [(key: UInt32, verdict: Verdict)] = []
        for message in messages {
            for element in ElementList.elements(of: message) {
                let parts = element.nested(in: message)
                let bytes = message.bytes.span
                guard
                    let key = parts.first(where: { $0.type == Int(NFTA_SET_ELEM_KEY.rawValue) })?
                        .first(NFTA_DATA_VALUE, in: bytes),
                    let data = parts.first(where: { $0.type == Int(NFTA_SET_ELEM_DATA.rawValue) }),
                    key.value.count == 4, let verdict = Verdict(attributes: data.value, bytes)
                else { return [] }
                verdicts.append((key.value(in: message.bytes).word(at: 0), verdict))
            }
        }
        verdicts.sort { $0.key < $1.key }
        return verdicts.map(\.key) == Array(0..<UInt32(verdicts.count)) ? verdicts.map(\.verdict) : []
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
