// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

extension [Concatenation] {
    /// Their positions in ascending order; of equal ones the first comes first. They are compared as numbers, as short ones
    /// as will do: the kernel lists a hundred thousand elements in any order.
    package var ascendingPositions: [Int] {
        positions { short in short.isOneWord ? short.high : nil } ?? positions { $0 }
            ?? indices.sorted { self[$0] == self[$1] ? $0 < $1 : self[$0] < self[$1] }
    }

    /// Where a value stands in a sorted array; nil if it does not. In this module, so that the halving is
    /// specialised for concatenations.
    package func sortedIndex(of value: Concatenation) -> Int? { sortedPlace(of: value) }

    /// For each value of a sorted array its place in another one; nil where it is not there. Each holds a value once.
    package func places(in other: [Concatenation]) -> [Int?] {
        var next = 0
        return map { value in
            while next < other.count, other[next] < value { next += 1 }
            return next < other.count && other[next] == value ? next : nil
        }
    }

    /// nil where one is long, or has no number.
    private func positions<Number: Comparable>(by number: (ShortConcatenation) -> Number?) -> [Int]? {
        var order: [Place<Number>] = []
        order.reserveCapacity(count)
        for position in indices {
            guard let short = self[position].short, let number = number(short) else { return nil }
            order.append(Place(number: number, position: UInt32(position)))
        }
        order.sort()
        return order.map { Int($0.position) }
    }
}

/// Where a concatenation stands that has a number.
private struct Place<Number: Comparable>: Comparable {
    let number: Number
    let position: UInt32

    static func < (left: Place, right: Place) -> Bool {
        left.number == right.number ? left.position < right.position : left.number < right.number
    }
}
