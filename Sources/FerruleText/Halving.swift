// SPDX-License-Identifier: Apache-2.0

// Inlined where they are called: there they are made for what is searched.

extension Range<Int> {
    /// The first place of which something is true, found by halving: it is true of all behind that, too. The upper bound where there
    /// is none.
    @inlinable package func firstPlace(where isTrue: (Int) -> Bool) -> Int {
        var (low, high) = (lowerBound, upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isTrue(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The place of a key among those of what is sorted by them; nil where it is not there.
    @inlinable package func sortedPlace<Key: Comparable>(of key: Key, _ keyAt: (Int) -> Key) -> Int? {
        let place = firstPlace { keyAt($0) >= key }
        return place < upperBound && keyAt(place) == key ? place : nil
    }
}

extension Array where Element: Comparable {
    /// Where an element stands in a sorted array; nil if it does not.
    @inlinable package func sortedPlace(of element: Element) -> Int? { indices.sortedPlace(of: element) { self[$0] } }
}
