// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// What has to be sent to bring the tables of one family from what stands to what is wanted: the chains that differ, whole.
package struct IPTablesChange: Sendable, Equatable {
    /// What one table is sent.
    package struct TableChange: Sendable, Equatable {
        package let name: IPTablesTable.Name
        /// Chains that were not there, and such that held something else.
        package var added: [IPTablesChainName] = []
        package var rewritten: [IPTablesChainName] = []
        /// Those that are not needed any more.
        package var removed: [IPTablesChainName] = []
        /// Those of them that rules of others lead to, and so stay; they lose their rules.
        package var emptied: [IPTablesChainName] = []
        /// The rules by which chains stay that are not needed any more, also such that were empty before.
        package var keptBy: [ForeignJump] = []
        /// Jumps that are put into built-in chains, and such that are taken out.
        package var jumpsAdded = 0
        package var jumpsRemoved = 0
        /// Chains in which somebody changed something since they were filled.
        package var drifted: [IPTablesChainName] = []
        /// The hash for ``TableSums`` of what stands after it.
        fileprivate var sum = ""
        fileprivate var lines: [String] = []

        init(_ name: IPTablesTable.Name) { self.name = name }

        package var isEmpty: Bool {
            added.isEmpty && rewritten.isEmpty && removed.isEmpty && emptied.isEmpty && jumpsAdded + jumpsRemoved == 0
        }
    }

    /// In the order in which they are committed.
    package private(set) var tables: [TableChange]

    /// Whether nothing is sent but the record of what stands already.
    private var hasMissingRecord = false

    package var isEmpty: Bool { tables.allSatisfy(\.isEmpty) && !hasMissingRecord }

    /// - Parameter rewritesAll: fills all chains anew, whatever is in them.
    package init(from standing: StandingIPTables, to wanted: IPTablesRuleset, rewritesAll: Bool = false) {
        tables = wanted.tables.map { Self.change(standing[$0.name], $0, wanted.family, rewritesAll: rewritesAll) }
        if wanted.isEmpty, !isEmpty { exchangeRecord(nil, standing) }
    }

    /// The hash for ``TableSums`` of a table as it stands after it.
    package func sum(_ name: IPTablesTable.Name) -> String { tables.first { $0.name == name }?.sum ?? "" }

    /// Has who applied, and when, put there, or taken away. It goes with the last table.
    package mutating func exchangeRecord(_ record: String?, _ standing: StandingIPTables) {
        hasMissingRecord = isEmpty
        for index in tables.indices where tables[index].name == .nat {
            tables[index].exchangeRecord(record, standing[.nat], standing.family)
        }
    }

    /// What iptables-restore takes with `--noflush`; empty where nothing differs.
    package var text: String {
        tables.filter { !$0.lines.isEmpty }.map { table in
            (["*\(table.name.rawValue)"] + table.lines + ["COMMIT"]).joined(separator: "\n") + "\n"
        }.joined()
    }

    private static func change(
        _ standing: StandingIPTable, _ wanted: IPTablesTable, _ family: IPFamily, rewritesAll: Bool
    ) -> TableChange {
        var change = TableChange(wanted.name)
        var filled: [ChainText] = []
        var digests: [(IPTablesChainName, String)] = []
        let leftovers = standing.leftovers
        for chain in wanted.chains.lazy.map({ ChainText($0, family) }) {
            digests.append((chain.name, chain.digest.text))
            guard standing.chains[chain.name] != nil, !leftovers.contains(chain.name) else {
                change.added.append(chain.name)
                filled.append(chain)
                continue
            }
            let digest = standing.digest(of: chain.name, family)
            if digest?.isTrue != true { change.drifted.append(chain.name) }
            guard rewritesAll || digest?.isTrue != true || digest?.recorded != chain.digest.text else {
                continue
            }
            change.rewritten.append(chain.name)
            filled.append(chain)
        }
        change.sum = TableSums.sum(digests)
        let names = Set(wanted.chains.map(\.name))
        let unneeded = standing.chains.keys.filter { !names.contains($0) && $0 != .record }.sorted()
        change.keptBy = standing.foreignJumps.filter { unneeded.contains($0.target) }
        let kept = Set(change.keptBy.map(\.target))
        change.removed = unneeded.filter { !kept.contains($0) }
        change.emptied = kept.filter { standing.chains[$0]?.isEmpty == false }.sorted()
        // Naming a chain makes it, or empties it. Jumps go before the chains that they led to.
        change.lines = (filled.map(\.name) + change.removed + change.emptied).map { ":\($0) - [0:0]" }
        change.exchangeJumps(standing, wanted, family)
        for chain in filled { change.lines += chain.lines }
        change.lines += change.removed.map { "-X \($0)" }
        return change
    }
}

extension IPTablesChange.TableChange {
    /// Puts each jump once into its built-in chain, first; one that stands alone stays where it is.
    ///
    /// Where the jump is there twice, both go and a new one comes: `-D` takes whichever stands first, so after a removal of
    /// one by somebody else it would have taken the last.
    fileprivate mutating func exchangeJumps(
        _ standing: StandingIPTable, _ wanted: IPTablesTable, _ family: IPFamily
    ) {
        for chain in wanted.name.builtInChains {
            let rules = standing.jumps.filter { $0.chain == chain }.map(\.rule)
            let jump = wanted.jumps[chain]
            let isStanding = rules.map { rule in jump != nil && RuleReader.read(rule, family)?.rule == jump }
            let stays = isStanding.count(where: \.self) == 1
            let removed = zip(rules, isStanding).filter { !stays || !$0.1 }.map(\.0)
            lines += removed.map { "-D \(chain) \($0)" }
            jumpsRemoved += removed.count
            if !stays, let jump {
                lines.append(RestoreText.jumpLine("-I \(chain) 1", jump, family))
                jumpsAdded += 1
            }
        }
    }

    fileprivate mutating func exchangeRecord(_ record: String?, _ standing: StandingIPTable, _ family: IPFamily) {
        let name = IPTablesChainName.record
        guard record != nil || standing.chains[name] != nil else { return }
        lines.append(":\(name) - [0:0]")
        if let record {
            lines.append("-A \(name) \(IPTablesRule(target: nil).text(family, comment: record))")
        } else if !standing.foreignJumps.contains(where: { $0.target == name }) {
            lines.append("-X \(name)")
        }
    }
}
