// SPDX-License-Identifier: Apache-2.0

package import FerrulePlanner
internal import FerruleRuleset
internal import FerruleText

extension KernelWork {
    /// `+1 -1 elements, 2 new chains, +4 -0 rules`; `nothing to do` where there is nothing.
    package var words: String { isEmpty ? "nothing to do" : parts.joined(separator: ", ") }

    /// The same with a number of elements in any case.
    package var wordsWithElements: String {
        elementsAdded + elementsRemoved > 0 ? words : (["+0 -0 elements"] + parts).joined(separator: ", ")
    }

    private var parts: [String] {
        var parts: [String] = []
        if elementsAdded + elementsRemoved > 0 { parts.append("+\(elementsAdded) -\(elementsRemoved) elements") }
        if setsAdded > 0 { parts.append(counted(setsAdded, "new map")) }
        if chainsAdded > 0 { parts.append(counted(chainsAdded, "new chain")) }
        if chainsRewritten > 0 { parts.append(counted(chainsRewritten, "chain") + " with other rules") }
        if rulesAdded + rulesRemoved > 0 { parts.append("+\(rulesAdded) -\(rulesRemoved) rules") }
        if objectsRemoved > 0 { parts.append(counted(objectsRemoved, "object") + " of others removed") }
        if !tablesMade.isEmpty { parts.append("makes " + names(tablesMade)) }
        if !tablesRemoved.isEmpty { parts.append("removes " + names(tablesRemoved)) }
        return parts
    }

    private func names(_ tables: [TableName]) -> String { tables.map { "table \($0)" }.joined(separator: " and ") }
}
