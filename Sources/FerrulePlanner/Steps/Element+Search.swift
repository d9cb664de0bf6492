// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset
internal import FerruleText

extension [Element] {
    /// Where a key stands; the elements are sorted.
    func position(of key: ElementKey) -> Int? {
        indices.sortedPlace(of: key) { self[$0].key }
    }
}
