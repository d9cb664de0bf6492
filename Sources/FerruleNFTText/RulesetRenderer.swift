// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleRuleset

/// Renders rulesets in the language of nft.
package struct RulesetRenderer: Sendable {
    package init() {}

    /// A script for `nft -f` that puts the ruleset in the place of whatever stands in its tables, in one transaction,
    /// and touches no other table. It ends in a newline.
    ///
    /// Each table is added, deleted and made anew, because nft 1.0.6 has no `destroy` and deleting a table that does
    /// not exist is an error. nft sorts the declarations of a table block itself, so elements may lead to chains below.
    package func render(_ ruleset: Ruleset) -> [UInt8] {
        var text = TextBuffer()
        text.reserve(4096 + 100 * ruleset.elementCount)
        text.writeHeader(of: ruleset)
        for table in ruleset.tables {
            text.write("\nadd table \(table.name)\ndelete table \(table.name)\n")
            if !table.isAbsent { text.write(table) }
        }
        return text.bytes
    }
}

extension Ruleset {
    /// Whether nft 1.0.6 aborts on the text. It keeps four registers for the data that a rule writes into a map; the address and
    /// port that session affinity remembers of an IPv6 endpoint take five. Its language has no other way to say so; 1.1.3 loads it.
    package var abortsOldNFT: Bool {
        tables.contains { table in
            table.family == .ipv6 && table.sets.contains { if case .dynamic = $0.kind { true } else { false } }
        }
    }

    /// How many elements its named sets and maps have.
    var elementCount: Int {
        tables.reduce(0) { count, table in table.sets.reduce(count) { $0 + $1.elements.count } }
    }
}

extension TextBuffer {
    /// Writes a table block. Above the first object of each kind stands what that kind is for.
    fileprivate mutating func write(_ table: Table) {
        write("table \(table.name) {\n")
        var explained: Set<String> = []
        var separator = ""
        for set in table.sets {
            write(separator)
            explain(set.purpose.sentence, once: &explained)
            write(set, table.family)
            separator = "\n"
        }
        for chain in table.chains {
            write(separator)
            explain(chain.purpose.sentence, once: &explained)
            write(chain, table.family)
            separator = "\n"
        }
        write("}\n")
    }

    private mutating func explain(_ sentence: String?, once explained: inout Set<String>) {
        guard let sentence, explained.insert(sentence).inserted else { return }
        write("\t# \(sentence)\n")
    }
}
