// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// Finds pods, or workloads by the labels of the pods that they declare, without looking at each for every service.
struct SelectorIndex<Item: Sendable>: Sendable {
    private struct Label: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    private let items: [Item]
    /// What each item carries.
    private let labels: [[String: String]]
    /// The positions of the items that carry a label.
    private let byLabel: [Label: [Int]]

    init(_ items: [Item], _ meta: KeyPath<Item, ObjectMeta>, labels: KeyPath<Item, [String: String]>) {
        self.items = items
        let carried = items.map { $0[keyPath: labels] }
        self.labels = carried
        var byLabel: [Label: [Int]] = [:]
        for (position, item) in items.enumerated() {
            let namespace = item[keyPath: meta].namespace
            for (key, value) in carried[position] {
                byLabel[Label(namespace: namespace, key: key, value: value), default: []].append(position)
            }
        }
        self.byLabel = byLabel
    }

    /// The items of a namespace that carry all labels of a selector; the order is the input's.
    func matching(_ selector: [String: String], in namespace: String) -> [Item] {
        let lists = selector.map { byLabel[Label(namespace: namespace, key: $0.key, value: $0.value)] ?? [] }
        guard let shortest = lists.min(by: { $0.count < $1.count }) else { return [] }
        return shortest.filter { position in
            selector.allSatisfy { labels[position][$0.key] == $0.value }
        }.map { items[$0] }
    }
}

typealias PodIndex = SelectorIndex<Pod>

extension SelectorIndex<Pod> {
    init(_ pods: [Pod]) { self.init(pods, \.meta, labels: \.meta.labels) }
}

extension SelectorIndex<Workload> {
    init(_ workloads: [Workload]) { self.init(workloads, \.meta, labels: \.templateLabels) }
}
