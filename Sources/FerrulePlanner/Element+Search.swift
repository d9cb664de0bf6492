// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

extension [Element] {
    /// Where a key stands; the elements are sorted.
    func position(of key: ElementKey) -> Int? {
        let position = firstIndex { !($0 < key) }
        return position < count && self[position].key == key ? position : nil
    }

    /// Where a service stands, once or in a map of several slots once for each of them; the elements are sorted.
    func positions(ofService key: ElementKey) -> Range<Int> {
        let start = firstIndex { !($0.withoutSlot < key) }
        var end = start
        while end < count, self[end].key.withoutSlot == key { end += 1 }
        return start..<end
    }

    /// Where the keys begin that a condition holds for, which holds for all behind one that it holds for.
    private func firstIndex(where isBehind: (ElementKey) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle].key) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
