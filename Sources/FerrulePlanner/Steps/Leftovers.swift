// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// Chains and sets of a table that were made for services or settings that are gone.
///
/// A change leaves them standing, because a packet may be about to enter them; later none is, and they can go.
package struct Leftovers: Sendable, Hashable {
    package let table: TableName
    private(set) var chains: Set<ChainName>
    private(set) var sets: Set<SetName>

    /// - Parameters:
    ///   - standing: a table as it stands in the kernel.
    ///   - wanted: what it should be.
    package init(of standing: Table, besides wanted: Table) {
        table = standing.name
        let reached = Reachability(of: standing)
        chains = Set(standing.chains.filter(\.purpose.mayBeLeftOver).map(\.name)).subtracting(reached.chains)
            .subtracting(wanted.chains.map(\.name))
        sets = Set(standing.sets.filter(\.purpose.mayBeLeftOver).map(\.name)).subtracting(reached.sets)
            .subtracting(wanted.sets.map(\.name))
    }

    /// How many there are.
    package var count: Int { chains.count + sets.count }

    /// Those that were left over before, too.
    package func lasting(since former: Leftovers?) -> Leftovers {
        var lasting = self
        lasting.chains.formIntersection(former?.chains ?? [])
        lasting.sets.formIntersection(former?.sets ?? [])
        return lasting
    }

    /// The steps that remove them.
    package var removal: Transaction { .deleting(sets.sorted(), and: chains.sorted(), in: table) }
}
