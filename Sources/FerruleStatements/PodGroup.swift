// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleResolution

/// Pods as people name them who do not know what a controller appends: the pod of a name, and those whose names are this one
/// and a dash before more, as those of a Deployment or StatefulSet of this name.
package struct PodGroup: Sendable, Hashable, CustomStringConvertible {
    let namespace: String
    let name: String

    init(_ namespace: String, _ name: String) { (self.namespace, self.name) = (namespace, name) }

    /// Reads `NAMESPACE/NAME`; nil if it is something else.
    init?(_ text: some StringProtocol) {
        guard let key = ObjectKey(text) else { return nil }
        self.init(key.namespace, key.name)
    }

    /// The group that a pod is meant by, without what its controller has appended.
    init(of pod: Pod) {
        if pod.meta.name.isEmpty, let start = pod.meta.generateName {
            self.init(pod.meta.namespace, start.hasSuffix("-") ? String(start.dropLast()) : start)
            return
        }
        let name = pod.meta.name
        var stem = name[...]
        let isIndexed = pod.meta.labels["apps.kubernetes.io/pod-index"] != nil || PodGroup.endsWithNumber(name)
        if let hash = pod.meta.labels["pod-template-hash"], let range = name.range(ofLast: "-\(hash)-") {
            stem = name[..<range]
        } else if let dash = name.lastIndex(of: "-"), isIndexed || PodGroup.isRandom(name[dash...].dropFirst()) {
            stem = name[..<dash]
        }
        // Placeholders of declared pods are called after the kind of their workload too.
        if pod.home == nil, let mark = Workload.Kind.allCases.lazy.map(\.assumedPodMark).first(where: stem.hasSuffix) {
            stem = stem.dropLast(mark.count)
        }
        self.init(pod.meta.namespace, String(stem.isEmpty ? name[...] : stem))
    }

    private static func endsWithNumber(_ name: String) -> Bool {
        guard let dash = name.lastIndex(of: "-") else { return false }
        let rest = name[name.index(after: dash)...]
        return !rest.isEmpty && rest.allSatisfy { ("0"..."9").contains($0) }
    }

    /// Whether a text is of the form that Kubernetes appends to `generateName` (`SafeEncodeString` in apimachinery's
    /// `pkg/util/rand`).
    private static func isRandom(_ text: Substring) -> Bool {
        text.utf8.count == 5 && text.utf8.allSatisfy("bcdfghjklmnpqrstvwxz2456789".utf8.contains)
    }

    /// - Parameter key: of a pod.
    func holds(_ key: ObjectKey) -> Bool {
        key.namespace == namespace && (key.name == name || key.name.hasPrefix(name + "-"))
    }

    func holds(_ pod: Pod) -> Bool { holds(ObjectKey(pod.meta)) }

    /// `namespace/name`
    package var description: String { "\(namespace)/\(name)" }
}

extension String {
    /// Where a text stands in it for the last time.
    fileprivate func range(ofLast text: String) -> Index? {
        indices.reversed().first { self[$0...].hasPrefix(text) }
    }
}
