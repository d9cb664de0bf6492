// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleText

extension SetDefinition {
    /// The element that the kernel finds by the values of a packet; nil where there is none.
    ///
    /// Elements are sorted, so this takes as many comparisons as their number has binary digits, and no index.
    package func element(for key: ElementKey) -> Element? {
        let isInterval = isInterval
        let place = elements.indices.firstPlace {
            isInterval ? !elements[$0].key.endsBefore(key) : elements[$0].key >= key
        }
        guard place < elements.count else { return nil }
        let isFound = isInterval ? elements[place].key.covers(key) : elements[place].key == key
        return isFound ? elements[place] : nil
    }
}

extension Concatenation {
    /// Of a key with a range in place of an address: whether the values of a packet are within it.
    fileprivate func covers(_ key: Concatenation) -> Bool {
        zip(values, key.values).allSatisfy { own, other in
            if case .prefix(let range) = own, case .address(let address) = other { return range.contains(address) }
            return own == other
        }
    }

    /// Of such a key: whether the values of a packet stand behind all that are within it.
    fileprivate func endsBefore(_ key: Concatenation) -> Bool { ends.last < key }
}
