// SPDX-License-Identifier: Apache-2.0

/// Values by key, in the order of the keys, found by halving: a fraction of the memory of a dictionary, and made at once from
/// what is sorted already.
package struct SortedValues<Key: Comparable & Hashable & Sendable, Value: Hashable & Sendable>: Sendable, Hashable {
    /// Each once.
    package private(set) var keys: [Key] = []
    package private(set) var values: [Value] = []

    package init() {}

    /// - Parameter keys: sorted, each once; as many as values.
    package init(sortedKeys keys: [Key], values: [Value]) { (self.keys, self.values) = (keys, values) }

    package init(_ values: [Key: Value]) {
        keys = values.keys.sorted()
        self.values = keys.compactMap { values[$0] }
    }

    package var isEmpty: Bool { keys.isEmpty }

    package subscript(_ key: Key) -> Value? { keys.sortedPlace(of: key).map { values[$0] } }
}

extension Range<Int> {
    /// The first place of which something is true, found by halving: it is true of all behind that, too. The upper bound where there
    /// is none.
    package func firstPlace(where isTrue: (Int) -> Bool) -> Int {
        var (low, high) = (lowerBound, upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isTrue(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Array where Element: Comparable {
    /// Where an element stands in a sorted array; nil if it does not.
    func sortedPlace(of element: Element) -> Int? {
        let place = indices.firstPlace { self[$0] >= element }
        return place < count && self[place] == element ? place : nil
    }
}
