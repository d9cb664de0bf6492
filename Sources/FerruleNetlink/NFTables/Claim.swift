// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
package import FerruleRuleset
internal import FerruleText

/// An empty chain, under a name that is used once, which says that somebody is about to change Ferrule's tables.
///
/// Every transaction of Ferrule's that was made from what stands removes the claims that were read with it. So of two
/// transactions that were made from the same state the kernel refuses the second: one of the claims that it removes is gone.
/// Commits to other tables do not matter, unlike to the number of the ruleset.
///
/// A claim stands for milliseconds. One that its maker could not remove goes with the next change; nothing leads to it, and
/// it belongs to no ruleset.
package struct Claim: Sendable {
    private static let prefix = "claim-"
    private static let digits = 16

    package let table: TableName
    let chain: ChainName
    /// Whether the table was made for it.
    let isOfNewTable: Bool

    /// A new one.
    package init(in table: TableName, isNew: Bool = false) {
        let name = Claim.prefix + hexadecimal(UInt64.random(in: .min ... .max), digits: Claim.digits)
        (self.table, chain, isOfNewTable) = (table, ChainName(name), isNew)
    }

    /// Whether both are the same chain.
    package func isSame(as other: Claim) -> Bool { table == other.table && chain == other.chain }

    /// The claim that a chain is; nil for other chains.
    init?(_ chain: String, in table: TableName) {
        let number = chain.dropFirst(Claim.prefix.count)
        let isNumber = number.count == Claim.digits && number.allSatisfy { $0.isHexDigit && !$0.isUppercase }
        guard chain.hasPrefix(Claim.prefix), isNumber else { return nil }
        (self.table, self.chain, isOfNewTable) = (table, ChainName(chain), false)
    }
}

/// What must still be so when the kernel carries out a transaction. Where it is not, the kernel refuses all of it, which is
/// thrown as ``NetlinkError/changedUnderway``.
package struct Binding: Sendable {
    /// The number of the ruleset: nobody has committed anything to any table (`NFNL_BATCH_GENID`).
    package var generation: UInt32?
    /// Claims that stand, and that the transaction removes.
    package var claims: [Claim]

    package init(generation: UInt32? = nil, claims: [Claim] = []) {
        (self.generation, self.claims) = (generation, claims)
    }
}

extension Kernel {
    /// Claims the tables of a ruleset: the claim stands in one of them that exists, or else in one that is made for it.
    ///
    /// - Parameters:
    ///   - tables: those that Ferrule may have.
    ///   - new: the one to make where none exists; it is to hold more than the claim soon.
    package func claim(_ tables: [TableName], orNew new: TableName?) throws(NetlinkError) -> Claim? {
        let standing = try standing(among: tables).first
        guard let table = standing ?? new else { return nil }
        let claim = Claim(in: table, isNew: standing == nil)
        try apply(Transaction(standing == nil ? [.addTable(table)] : []), leaving: claim)
        return claim
    }

    /// Removes a claim that came to nothing, as far as it still stands, and a table that was made for it.
    package func release(_ claim: Claim) throws(NetlinkError) {
        do throws(NetlinkError) {
            try apply(
                Transaction(claim.isOfNewTable ? [.deleteTable(claim.table)] : []), bound: Binding(claims: [claim]))
        } catch .changedUnderway {
            return
        }
    }
}
