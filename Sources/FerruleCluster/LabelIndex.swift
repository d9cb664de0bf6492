// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// Finds objects by the labels that they carry, and what selects them, without looking at all of them.
struct LabelIndex: Sendable {
    struct Label: Hashable, Sendable {
        let namespace: String
        let key: String
        let value: String
    }

    /// The objects that carry a label.
    private var carriers: [Label: Set<ObjectKey>] = [:]

    mutating func insert(_ object: ObjectKey, _ labels: Labels) {
        for label in labels { carriers[Label(object.namespace, label), default: []].insert(object) }
    }

    mutating func remove(_ object: ObjectKey, _ labels: Labels) {
        for label in labels {
            let key = Label(object.namespace, label)
            carriers[key]?.remove(object)
            if carriers[key]?.isEmpty == true { carriers[key] = nil }
        }
    }

    /// Objects that carry the rarest of a selector's labels: those that carry all of them are among these.
    func candidates(_ selector: Labels, in namespace: String) -> Set<ObjectKey> {
        selector.lazy.map { carriers[Label(namespace, $0)] ?? [] }.min { $0.count < $1.count } ?? []
    }

    /// Objects that carry one of some labels.
    func carriers(ofAny labels: Labels, in namespace: String) -> Set<ObjectKey> {
        labels.reduce(into: []) { found, label in found.formUnion(carriers[Label(namespace, label)] ?? []) }
    }
}

extension LabelIndex.Label {
    fileprivate init(_ namespace: String, _ label: (key: String, value: String)) {
        self.init(namespace: namespace, key: label.key, value: label.value)
    }
}
