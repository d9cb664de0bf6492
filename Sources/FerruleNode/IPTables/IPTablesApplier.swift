// SPDX-License-Identifier: Apache-2.0

package import FerruleIPTables
internal import FerruleNetlink
package import FerruleNetwork
package import FerruleRuleset
internal import FerruleText

/// Brings the tables of iptables to what is wanted.
package struct IPTablesApplier {
    /// Of both families.
    package let rulesets: [IPTablesRuleset]
    /// What is served, for connections that are tracked already.
    package let served: [IPFamily: ServedAddresses]
    package let localAddresses: Set<IPAddress>
    package let provenance: Provenance

    package init(
        _ rulesets: [IPTablesRuleset], served: [IPFamily: ServedAddresses], localAddresses: Set<IPAddress>,
        provenance: Provenance
    ) {
        (self.rulesets, self.served, self.localAddresses, self.provenance) = (
            rulesets, served, localAddresses, provenance
        )
    }

    package struct Outcome: Sendable, Equatable {
        package var changes: [IPFamily: IPTablesChange] = [:]
        package var tidying = Tidying()

        package var isChanged: Bool { changes.values.contains { !$0.isEmpty } }
        package var chainsAdded: Int { count(\.added) }
        package var chainsRewritten: Int { count(\.rewritten) }
        package var chainsRemoved: Int { count(\.removed) }
        fileprivate var chainsEmptied: Int { count(\.emptied) }
        package var jumpsAdded: Int { tables.reduce(0) { $0 + $1.jumpsAdded } }
        package var jumpsRemoved: Int { tables.reduce(0) { $0 + $1.jumpsRemoved } }
        /// Chains that somebody else had changed.
        package var drift: [String] { tables.flatMap(\.drifted).map(\.description) }

        private var tables: [IPTablesChange.TableChange] {
            IPFamily.allCases.flatMap { changes[$0]?.tables ?? [] }
        }

        private func count(_ chains: KeyPath<IPTablesChange.TableChange, [IPTablesChainName]>) -> Int {
            tables.reduce(0) { $0 + $1[keyPath: chains].count }
        }

        package init() {}
    }

    /// Sends what differs from what stands; nothing if nothing does.
    ///
    /// - Parameters:
    ///   - isTest: only has the programs look at it.
    ///   - rewritesAll: fills all chains anew.
    ///   - onSending: is told before anything is sent, of which one table may then stand without the other.
    package func apply(
        to state: IPTablesState, isTest: Bool, rewritesAll: Bool, onSending: () -> Void
    ) throws(IPTablesError) -> Outcome {
        var outcome = Outcome()
        outcome.changes = changes(of: state, rewritesAll: rewritesAll)
        var former: [IPFamily: ServedAddresses] = [:]
        for standing in state.families where outcome.changes[standing.family]?.isEmpty == false {
            former[standing.family] = standing.served(like: served[standing.family])
        }
        try state.programs.restore(outcome.changes, isTest: isTest, onSending: onSending)
        if !isTest {
            outcome.tidying.removeFlows(Kernel(), served, former: former, localAddresses: localAddresses)
        }
        return outcome
    }

    /// What has to be sent of each family, with the record of it.
    private func changes(of state: IPTablesState, rewritesAll: Bool) -> [IPFamily: IPTablesChange] {
        var changes: [IPFamily: IPTablesChange] = [:]
        for (ruleset, standing) in pairs(state) {
            changes[ruleset.family] = IPTablesChange(from: standing, to: ruleset, rewritesAll: rewritesAll)
        }
        let sums = TableSums { family, name in changes[family]?.sum(name) ?? "" }
        var provenance = provenance
        provenance.digest = sums.text
        let holding = pairs(state).filter { !$0.ruleset.isEmpty }
        let changed = holding.filter { changes[$0.ruleset.family]?.isEmpty == false }
        // Another record is no change by itself, unless none says what stands.
        let isRecorded = state.provenances.contains { $0.digest == sums.text }
        for (ruleset, standing) in changed.isEmpty && !isRecorded ? holding : changed {
            changes[ruleset.family]?.exchangeRecord(provenance.record(of: .ferrule(ruleset.family)), standing)
        }
        return changes
    }

    private func pairs(_ state: IPTablesState) -> [(ruleset: IPTablesRuleset, standing: StandingIPTables)] {
        rulesets.compactMap { ruleset in
            state.families.first { $0.family == ruleset.family }.map { (ruleset, $0) }
        }
    }
}

extension IPTablesApplier.Outcome {
    /// `12 new chains, 3 chains with other rules, 1 chain removed, 6 new jumps, 2 jumps removed`
    package var words: String {
        let parts = [
            (chainsAdded, counted(chainsAdded, "new chain")),
            (chainsRewritten, counted(chainsRewritten, "chain") + " with other rules"),
            (chainsRemoved, counted(chainsRemoved, "chain") + " removed"),
            (chainsEmptied, counted(chainsEmptied, "chain") + " emptied"),
            (jumpsAdded, counted(jumpsAdded, "new jump")), (jumpsRemoved, counted(jumpsRemoved, "jump") + " removed"),
        ]
        let words = parts.filter { $0.0 > 0 }.map(\.1).joined(separator: ", ")
        return words.isEmpty && isChanged ? "the record, which was missing" : words
    }
}
