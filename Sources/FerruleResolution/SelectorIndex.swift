// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// Finds pods, or workloads by the labels of the pods that they declare, without looking at each for every service.
struct SelectorIndex<Item> {
    private struct Label: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    private let items: [Item]
    private let labels: KeyPath<Item, [String: String]>
    /// The positions of the items that carry a label.
    private let byLabel: [Label: [Int]]

    init(_ items: [Item], _ meta: KeyPath<Item, ObjectMeta>, labels: KeyPath<Item, [String: String]>) {
        self.items = items
        self.labels = labels
        var byLabel: [Label: [Int]] = [:]
        for (position, item) in items.enumerated() {
            let namespace = item[keyPath: meta].namespace
            for (key, value) in item[keyPath: labels] {
                byLabel[Label(namespace: namespace, key: key, value: value), default: []].append(position)
            }
        }
        self.byLabel = byLabel
    }

    /// The items of a namespace that carry all labels of a selector; the order is the input's.
    func matching(_ selector: [String: String], in namespace: String) -> [Item] {
        let lists = selector.map { byLabel[Label(namespace: namespace, key: $0.key, value: $0.value)] ?? [] }
        guard let shortest = lists.min(by: { $0.count < $1.count }) else { return [] }
        return shortest.lazy.map { items[$0] }.filter { item in
            let carried = item[keyPath: labels]
            return selector.allSatisfy { carried[$0.key] == $0.value }
        }
    }
}

typealias PodIndex = SelectorIndex<Pod>

extension SelectorIndex<Pod> {
    init(_ pods: [Pod]) { self.init(pods, \.meta, labels: \.meta.labels) }
}

extension SelectorIndex<Workload> {
    init(_ workloads: [Workload]) { self.init(workloads, \.meta, labels: \.templateLabels) }
}
