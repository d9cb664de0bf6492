// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerruleText

/// The rules of a chain as iptables-restore takes them. The first one's comment says what the chain is for, and its digest.
struct ChainText {
    let name: IPTablesChainName
    let digest: ChainDigest
    /// With ``ChainDigest/place`` for the digest.
    private let rules: [String]

    /// In bytes: the kernel cuts what is longer (`XT_MAX_COMMENT_LEN` of `linux/netfilter/xt_comment.h` less the zero behind it).
    private static let longestComment = 255

    init(_ chain: IPTablesChain, _ family: IPFamily) {
        name = chain.name
        let label = chain.label.prefix(ChainText.longestComment - ChainDigest.place.count - 1)
        rules = chain.rules.enumerated().map { number, rule in
            rule.text(family, comment: number == 0 ? "\(label) \(ChainDigest.place)" : nil)
        }
        digest = ChainDigest(name, rules)
    }

    /// The lines that fill the chain.
    var lines: [String] {
        rules.enumerated().map { number, rule in
            let rule = number == 0 ? rule.replacing(ChainDigest.place, with: digest.text, maxReplacements: 1) : rule
            return "-A \(name) \(rule)"
        }
    }
}

extension IPTablesChain {
    /// The lines that fill the chain.
    package func lines(_ family: IPFamily) -> [String] { ChainText(self, family).lines }
}

/// Tells whether a chain holds what was put there: a hash of its name and rules, 16 hexadecimal digits that stand in the first
/// rule's comment.
struct ChainDigest {
    let text: String

    /// What stands for the digest in the text that it is made of.
    static let place = "################"

    /// - Parameter rules: as iptables-save writes them, with ``place`` for the digest.
    init(_ name: IPTablesChainName, _ rules: [String]) {
        text = Self.hash(([name.text] + rules).joined(separator: "\n"))
    }

    /// Of any text, as many digits as ``place`` has characters.
    static func hash(_ text: String) -> String { hexadecimal(fnv1a(text), digits: place.count) }
}
