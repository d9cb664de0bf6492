// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

extension [Element] {
    /// Where a key stands; the elements are sorted.
    func position(of key: ElementKey) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].key == key ? low : nil
    }
}
