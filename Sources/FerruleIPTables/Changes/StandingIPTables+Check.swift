// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

extension StandingIPTables {
    /// What is otherwise than it was applied, in words; empty where all is. What was applied, the chains say themselves: each
    /// its rules by a digest, and the rules which other chains there are.
    package var deviations: [String] {
        guard !isEmpty else { return [] }
        return IPTablesTable.Name.allCases.flatMap { name in
            self[name].deviations(family).map { "\(name.rawValue): \($0)" }
        }
    }
}

extension StandingIPTable {
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
