// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// Where the endpoints of one slot stand.
struct SlotPlace: Hashable {
    let map: SetName
    /// The slot's number in front of the keys, in a map of several slots; nil in a map of its own.
    let number: UInt16?

    /// - Parameter key: what the slot's chain looks up in the map.
    init(_ map: SetName, _ key: [Field]) {
        self.map = map
        number = if case .slot(let number)? = key.first { number } else { nil }
    }
}
