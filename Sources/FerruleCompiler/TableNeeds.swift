// SPDX-License-Identifier: Apache-2.0

internal import FerruleResolution
internal import FerruleRuleset

/// How many entries of a table need each shape, and lists of which lengths there are: what chains and slots the table needs.
struct TableNeeds: Sendable {
    private let limits: PartLimits
    private(set) var shapes: [Shape: Int] = [:]
    /// Whether a shape came into use, or out of it, since this was last set to false.
    var shapesDiffer = false
    /// How many lists there are of each length in a scope. Parts count as lists of their own scope.
    private var lengths: [SlotScope: [Int: Int]] = [:]
    /// How many large lists there are of each number of parts.
    private var partCounts: [SlotScope: [Int: Int]] = [:]

    init(_ limits: PartLimits) { self.limits = limits }

    mutating func add(_ entry: ServiceEntry) { count(Need(entry), 1) }

    mutating func remove(_ entry: ServiceEntry) { count(Need(entry), -1) }

    /// What entries of a whole table need: most need the same, which is counted once.
    mutating func add(_ entries: [ServiceEntry]) {
        var needs: [Need: Int] = [:]
        var run: (need: Need, length: Int)?
        for entry in entries {
            let need = Need(entry)
            if let known = run, known.need == need {
                run?.length += 1
            } else {
                if let run { needs[run.need, default: 0] += run.length }
                run = (need, 1)
            }
        }
        if let run { needs[run.need, default: 0] += run.length }
        for (need, number) in needs { count(need, number) }
    }

    /// Whether two entries of one key need the same.
    func areSame(_ entry: ServiceEntry?, _ other: ServiceEntry?) -> Bool {
        guard let entry, let other, entry.shape == other.shape else { return false }
        return entry.targetCount(.cluster) == other.targetCount(.cluster)
            && entry.targetCount(.local) == other.targetCount(.local)
    }

    /// What an entry needs.
    private struct Need: Hashable {
        let shape: Shape
        let isNodePort: Bool
        private let clusterCount: Int
        private let localCount: Int

        init(_ entry: ServiceEntry) {
            (shape, isNodePort) = (entry.shape, entry.claim.isNodePort)
            (clusterCount, localCount) = (entry.targetCount(.cluster), entry.targetCount(.local))
        }

        func length(_ list: TrafficPolicy) -> Int { list == .local ? localCount : clusterCount }
    }

    private mutating func count(_ need: Need, _ step: Int) {
        let known = shapes.count
        shapes.add(step, to: need.shape)
        if shapes.count != known { shapesDiffer = true }
        for list in TrafficPolicy.allCases where need.shape.uses(list) {
            let scope = SlotScope(isNodePort: need.isNodePort, list: list)
            let length = need.length(list)
            let sizes = limits.sizes(of: length)
            if sizes.isEmpty {
                lengths[scope, default: [:]].add(step, to: length)
            } else {
                partCounts[scope, default: [:]].add(step, to: sizes.count)
                for size in sizes { lengths[.ofParts, default: [:]].add(step, to: size) }
            }
        }
    }

    /// How many slots a scope needs.
    func slotCount(_ scope: SlotScope) -> Int { lengths[scope]?.keys.max() ?? 0 }

    /// How many elements stand in the map of a slot.
    func elementCount(_ scope: SlotScope, slot: Int) -> Int {
        (lengths[scope] ?? [:]).reduce(0) { $0 + ($1.key > slot ? $1.value : 0) }
    }

    /// How many maps of parts a scope needs.
    func partCount(_ scope: SlotScope) -> Int { partCounts[scope]?.keys.max() ?? 0 }

    /// How many elements stand in a map of parts.
    func elementCount(_ scope: SlotScope, part: Int) -> Int {
        (partCounts[scope] ?? [:]).reduce(0) { $0 + ($1.key > part ? $1.value : 0) }
    }
}

extension Dictionary where Value == Int {
    /// Nothing stands under a key that is counted down to zero.
    fileprivate mutating func add(_ step: Int, to key: Key) {
        let count = self[key, default: 0] + step
        self[key] = count == 0 ? nil : count
    }
}
