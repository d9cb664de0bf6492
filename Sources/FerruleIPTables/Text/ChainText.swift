// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerruleResolution

extension IPTablesChain {
    /// The lines that fill the chain. The first rule's comment says what the chain is for, and its digest.
    package func lines(_ family: IPFamily) -> [String] {
        let rules = ruleTexts(family)
        return Self.lines(name, rules, ChainDigest(name, rules).text)
    }

    /// The digest of the chain as it should be.
    package func digest(_ family: IPFamily) -> ChainDigest { ChainDigest(name, ruleTexts(family)) }

    /// The rules, the first one with its comment, in which the digest is left out.
    private func ruleTexts(_ family: IPFamily) -> [String] {
        rules.enumerated().map { number, rule in
            rule.text(family, comment: number == 0 ? "\(label) \(ChainDigest.place)" : nil)
        }
    }

    private static func lines(_ name: IPTablesChainName, _ rules: [String], _ digest: String) -> [String] {
        rules.enumerated().map { number, rule in
            "-A \(name) " + (number == 0 ? rule.replacing(ChainDigest.place, with: digest, maxReplacements: 1) : rule)
        }
    }
}

/// Tells whether a chain holds what was put there: a hash of its name and rules, 16 hexadecimal digits that stand in the first
/// rule's comment.
package struct ChainDigest: Sendable, Hashable {
    package let text: String

    /// What stands for the digest in the text that it is made of.
    static let place = "################"

    /// - Parameter rules: as iptables-save writes them, with ``place`` for the digest.
    init(_ name: IPTablesChainName, _ rules: [String]) {
        let digits = String(fnv1a(([name.text] + rules).joined(separator: "\n")), radix: 16)
        text = String(repeating: "0", count: Self.place.count - digits.count) + digits
    }
}
