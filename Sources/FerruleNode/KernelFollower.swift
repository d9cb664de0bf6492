// SPDX-License-Identifier: Apache-2.0

package import FerruleNetlink
package import FerruleNetwork
package import FerrulePlanner
package import FerruleRuleset

/// Keeps Ferrule's tables at a ruleset that changes, and knows what stands in them, so that a change costs what it changes.
///
/// Whatever leaves a doubt about what stands, an error above all, is answered by reading the kernel: see
/// ``bring(to:_:_:displacing:)``.
package struct KernelFollower {
    package let kernel: Kernel
    /// nil where it is not known what stands.
    private var states: [TableName: TableState]?
    /// What nobody needed when the kernel was last compared.
    private var leftovers: [TableName: Leftovers] = [:]
    /// How many verdicts random choices have that were made since then.
    private var madeVerdicts = 0
    /// The kernel is compared where there are more, so that what is left over goes: a service of thousands of endpoints leaves a
    /// choice among thousands of verdicts, some 100 bytes each, for every number of endpoints that it has had.
    private static let mostVerdicts = 1 << 16

    package init(kernel: Kernel) { self.kernel = kernel }

    /// Whether the kernel must be read before the next change.
    package var isInDoubt: Bool { states == nil }

    /// Somebody else may have changed the tables.
    package mutating func doubt() { states = nil }

    /// Reads what stands, sends what differs, and tidies up.
    ///
    /// - Parameters:
    ///   - provenance: as for the ``Applier``.
    ///   - localAddresses: those of the node.
    ///   - displaced: tables of another program, which go as those of the ruleset come to stand.
    package mutating func bring(
        to ruleset: Ruleset, _ provenance: Provenance, _ localAddresses: Set<IPAddress>,
        displacing displaced: [TableName] = []
    ) throws(NetlinkError) -> Applier.Outcome {
        (states, madeVerdicts) = (nil, 0)
        let applier = Applier(
            kernel: kernel, ruleset: ruleset, provenance: provenance, localAddresses: localAddresses,
            displacing: displaced)
        let outcome = try applier.update(.commit)
        states = Dictionary(uniqueKeysWithValues: outcome.after.map { ($0.name, TableState($0)) })
        return sweep(outcome, ruleset)
    }

    /// Removes chains and sets that nobody needs, and did not need at the comparison before either: without that, what services of
    /// years have needed would gather.
    private mutating func sweep(_ outcome: Applier.Outcome, _ ruleset: Ruleset) -> Applier.Outcome {
        var outcome = outcome
        var lasting: [Leftovers] = []
        for table in outcome.after {
            guard let wanted = ruleset.tables.first(where: { $0.name == table.name }) else { continue }
            let found = Leftovers(of: table, besides: wanted)
            lasting.append(found.lasting(since: leftovers.updateValue(found, forKey: table.name)))
        }
        let removal = Transaction(lasting.flatMap(\.removal.operations))
        guard !removal.isEmpty else { return outcome }
        do throws(NetlinkError) {
            try kernel.apply(removal)
            for leftovers in lasting { states?[leftovers.table]?.remove(leftovers) }
            outcome.sweptCount = lasting.reduce(0) { $0 + $1.count }
            outcome.generation = outcome.generation.map { $0 &+ 1 }
        } catch {
            // It is not tried again at once.
            (states, leftovers) = (nil, [:])
            outcome.tidying.problems.append(
                "chains and sets that no service needs any more were not removed: \(error.wording)")
        }
        return outcome
    }

    /// Sends changes, without a look at what stands. nil where all of it has to be compared: then nothing was sent.
    ///
    /// Throws ``NetlinkError``; what stands is in doubt then.
    ///
    /// - Parameter provenance: signed.
    package mutating func carryOut(
        _ changes: [TableChange], _ provenance: Provenance
    ) throws(NetlinkError) -> KernelWork? {
        guard var states else { return nil }
        self.states = nil
        var whole = Plan()
        var failure: NetlinkError?
        for change in changes {
            let plan = states[change.name]?.plan(change, provenance: provenance) { map in
                do throws(NetlinkError) {
                    return try kernel.remembered(by: map, in: change.name)
                } catch {
                    failure = error
                    return []
                }
            }
            if let failure { throw failure }
            guard let plan else { return nil }
            whole.append(plan)
        }
        guard !whole.isEmpty else {
            self.states = states
            return KernelWork()
        }
        // The record of each table tells of all of them.
        for (name, state) in states where !changes.contains(where: { $0.name == name }) {
            whole.changes.operations += state.recording(provenance).operations
        }
        for part in [whole.structure, whole.changes] where !part.isEmpty { try kernel.apply(part) }
        madeVerdicts += whole.structure.verdictCount + whole.changes.verdictCount
        // Traffic has its ruleset: what is refused now is found when the kernel is compared.
        do throws(NetlinkError) {
            if !whole.cleanup.isEmpty { try kernel.apply(whole.cleanup) }
            if madeVerdicts <= KernelFollower.mostVerdicts { self.states = states }
        } catch {
            doubt()
        }
        return KernelWork(whole.operations, on: Ruleset(recordsOf: states.keys))
    }

    /// Removes what packets have remembered and what is tracked, as far as changes that stand contradict it.
    ///
    /// - Parameter localAddresses: those of the node; asked for only if they matter.
    package func tidy(after changes: [TableChange], _ localAddresses: () -> Set<IPAddress>) -> Tidying {
        var tidying = Tidying()
        let maps = changes.filter { !$0.dynamicMaps.isEmpty }.map { Table($0.name, sets: $0.dynamicMaps) }
        tidying.forgetClients(kernel, Ruleset(tables: maps, summary: Summary()))
        let concerned = changes.filter { !$0.served.isEmpty || !$0.formerlyServed.isEmpty }
        guard !concerned.isEmpty else { return tidying }
        let addresses = localAddresses()
        var judges: [IPFamily: FlowJudge] = [:]
        for change in concerned {
            judges[change.name.family] = FlowJudge(
                change.served, former: change.formerlyServed, localAddresses: addresses)
        }
        tidying.removeFlows(kernel, judges)
        return tidying
    }
}

extension Transaction {
    /// How many verdicts the random choices have that it makes.
    fileprivate var verdictCount: Int {
        operations.reduce(0) { count, operation in
            guard case .addRule(_, _, let rule) = operation else { return count }
            return rule.statements.reduce(count) { count, statement in
                if case .numgen(let verdicts) = statement { count + verdicts.count } else { count }
            }
        }
    }
}

extension Ruleset {
    /// Tables of which only the record matters, which is replaced and not made.
    fileprivate init(recordsOf names: some Sequence<TableName>) {
        let tables = names.map { Table($0, chains: [Chain(.record, rules: [])]) }
        self.init(tables: tables, summary: Summary())
    }
}
