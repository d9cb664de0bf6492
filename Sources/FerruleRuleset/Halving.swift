// SPDX-License-Identifier: Apache-2.0

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
