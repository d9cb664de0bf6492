// SPDX-License-Identifier: Apache-2.0

/// Values, each as often as somebody needs it: a union that members can leave.
struct Multiset<Value: Hashable & Sendable>: Sendable {
    private var counts: [Value: Int32] = [:]

    var values: Dictionary<Value, Int32>.Keys { counts.keys }

    func contains(_ value: Value) -> Bool { counts[value] != nil }

    mutating func insert(_ value: Value) { counts[value, default: 0] += 1 }

    mutating func remove(_ value: Value) {
        guard let count = counts[value] else { return }
        counts[value] = count > 1 ? count - 1 : nil
    }

    mutating func reserveCapacity(_ count: Int) { counts.reserveCapacity(count) }
}
