// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// Finds pods by selector without looking at every pod for every service.
struct PodIndex {
    private struct Label: Hashable {
        let namespace: String
        let key: String
        let value: String
    }

    private let pods: [Pod]
    /// The positions of the pods that carry a label.
    private let byLabel: [Label: [Int]]

    init(_ pods: [Pod]) {
        self.pods = pods
        var byLabel: [Label: [Int]] = [:]
        for (position, pod) in pods.enumerated() {
            for (key, value) in pod.meta.labels {
                byLabel[Label(namespace: pod.meta.namespace, key: key, value: value), default: []].append(position)
            }
        }
        self.byLabel = byLabel
    }

    /// The pods of a namespace that carry all labels of a selector; the order is the input's.
    func matching(_ selector: [String: String], in namespace: String) -> [Pod] {
        let lists = selector.map { byLabel[Label(namespace: namespace, key: $0.key, value: $0.value)] ?? [] }
        guard let shortest = lists.min(by: { $0.count < $1.count }) else { return [] }
        return shortest.lazy.map { pods[$0] }.filter { pod in
            selector.allSatisfy { pod.meta.labels[$0.key] == $0.value }
        }
    }
}
