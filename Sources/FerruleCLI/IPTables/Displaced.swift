// SPDX-License-Identifier: Apache-2.0

internal import FerruleNode
internal import FerruleRuleset

/// What of Ferrule's rules another command has made: by the other backend, or by another variant of iptables.
struct Displaced {
    /// Those of nftables.
    var tables: [TableName] = []
    /// The variants of iptables by which there are chains.
    var variants: [IPTablesPrograms.Variant] = []

    /// For a summary of their removal; nil where there is nothing.
    var removedWords: String? {
        let words =
            (tables.isEmpty ? [] : [tables.words])
            + variants.map { "Ferrule's chains of iptables (\($0.rawValue))" }
        return words.isEmpty ? nil : words.joined(separator: " and ") + " removed"
    }

    /// docs/plan-json.md documents it.
    struct JSON: Encodable {
        var tables: [String]
        var variants: [String]
    }

    /// nil where there is nothing.
    var json: JSON? {
        removedWords == nil ? nil : JSON(tables: tables.map(\.description), variants: variants.map(\.rawValue))
    }
}

extension [TableName] {
    /// `nftables table ip ferrule and table ip6 ferrule`
    var words: String { "nftables \(map { "table \($0)" }.joined(separator: " and "))" }
}
