// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

extension StandingIPTables {
    /// What is otherwise than it was applied, in words; empty where all is. What was applied, the chains say themselves: each
    /// its rules by a digest, and the rules which other chains there are.
    ///
    /// - Parameter sums: of what was applied, by the record, which tells tables apart that were left by different applies; nil
    ///   where no record says them.
    package func deviations(from sums: TableSums? = nil) -> [String] {
        IPTablesTable.Name.allCases.flatMap { name -> [String] in
            let found = isEmpty ? [] : self[name].deviations(family)
            let other = sums.flatMap { self[name].deviation(from: $0[family, name]) }
            return (found.isEmpty ? other.map { [$0] } ?? [] : found).map { "\(name.rawValue): \($0)" }
        }
    }
}

extension StandingIPTable {
    fileprivate func deviation(from applied: String) -> String? {
        let standing = sum
        guard standing != applied else { return nil }
        if standing.isEmpty { return "no chain of those that were applied" }
        return applied.isEmpty
            ? "chains that were not applied" : "other chains than were applied with those of the record"
    }

    fileprivate func deviations(_ family: IPFamily) -> [String] {
        let root = name == .nat ? IPTablesChainName.services : .unserved
        let leftovers = leftovers
        guard chains[root] != nil, !leftovers.contains(root) else { return ["chain \(root) is missing"] }
        var found = chains.keys.filter { $0 != .record && !leftovers.contains($0) }.sorted().compactMap {
            name -> String? in
            if chains[name]?.isEmpty == true { return "chain \(name) is empty" }
            return digest(of: name, family)?.isTrue == true ? nil : "chain \(name) has other rules than were applied"
        }
        for chain in name.builtInChains {
            let count = jumps.count { $0.chain == chain }
            if count != 1 { found.append(count == 0 ? "no jump in \(chain)" : "\(count) jumps in \(chain)") }
        }
        return found
    }
}
