// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The elements to remove from a set and to add to it. Both sides are sorted by key, so one pass finds them.
struct ElementDifference {
    private let actual: [Element]
    private let wanted: SetDefinition
    private var leaving: [Element] = []
    private var coming: [Element] = []

    init(from actual: [Element], to wanted: SetDefinition) { (self.actual, self.wanted) = (actual, wanted) }

    /// nil if there is nothing to remove.
    var removed: SetDefinition? { with(leaving) }
    /// nil if there is nothing to add.
    var added: SetDefinition? { with(coming) }

    private func with(_ elements: [Element]) -> SetDefinition? {
        guard !elements.isEmpty else { return nil }
        var set = wanted
        set.elements = elements
        return set
    }

    mutating func find() {
        if case .dynamic(let content) = wanted.kind {
            leaving = content.leaving(actual)
        } else {
            compare()
        }
    }

    private mutating func compare() {
        var (left, right) = (0, 0)
        while left < actual.count || right < wanted.elements.count {
            if left < actual.count, right < wanted.elements.count, actual[left] == wanted.elements[right] {
                left += 1
                right += 1
            } else if right == wanted.elements.count
                || (left < actual.count && actual[left].key < wanted.elements[right].key)
            {
                leaving.append(actual[left])
                left += 1
            } else if left == actual.count || wanted.elements[right].key < actual[left].key {
                coming.append(wanted.elements[right])
                right += 1
            } else {
                // An element with another value is refused unless the old one goes first.
                leaving.append(actual[left])
                coming.append(wanted.elements[right])
                left += 1
                right += 1
            }
        }
    }
}

extension SetDefinition.DynamicElements {
    /// What packets wrote stays, unless it leads to an endpoint that is gone. What is about to expire by itself would fail the
    /// whole transaction if it did before; that is left to the purge behind it.
    func leaving(_ standing: [Element]) -> [Element] { stale(among: standing).filter { !$0.isAboutToExpire } }
}

extension Element {
    /// Whether it goes within a second.
    fileprivate var isAboutToExpire: Bool {
        if case .expiring(_, let lifetime) = value { lifetime.remaining < 1000 } else { false }
    }
}
