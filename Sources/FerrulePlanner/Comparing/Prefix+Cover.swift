// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

extension [Prefix] {
    /// The same addresses by the fewest ranges, sorted: none lies within another, and of two halves there is the whole.
    private var merged: [Prefix] {
        var kept: [Prefix] = []
        for range in disjoint() {
            kept.append(range)
            while let whole = Prefix(joining: kept.suffix(2)) {
                kept.replaceSubrange((kept.count - 2)..., with: [whole])
            }
        }
        return kept
    }

    /// Whether some of their addresses are in none of other ranges.
    func reaches(beyond others: [Prefix]) -> Bool {
        let others = others.merged
        return contains { range in !others.contains { $0.contains(range) } }
    }

    /// Those of which some addresses are in none of other ranges.
    func reaching(beyond others: [Prefix]) -> [Prefix] {
        // Of thousands of ranges nearly all stay as they are.
        let (same, merged) = (Set(others), others.merged)
        return filter { range in !same.contains(range) && !merged.contains { $0.contains(range) } }
    }
}

extension [Prefix]? {
    /// Whether there are sources within these ranges that are not within the others; nil stands for all sources.
    package func reaches(beyond others: [Prefix]?) -> Bool {
        guard let others else { return false }
        return self?.reaches(beyond: others) ?? true
    }
}

extension Prefix {
    /// The range of which two others are the halves; nil if there is none.
    fileprivate init?(joining halves: ArraySlice<Prefix>) {
        guard let low = halves.first, let high = halves.last, low.length == high.length, low != high else { return nil }
        self.init(from: low.address, through: high.lastAddress)
    }
}
