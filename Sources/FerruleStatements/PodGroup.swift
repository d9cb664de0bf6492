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
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.init(String(parts[0]), String(parts[1]))
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
        if pod.home == nil, let kind = PodGroup.kinds.first(where: stem.hasSuffix) {
            stem = stem.dropLast(kind.count)
        }
        self.init(pod.meta.namespace, String(stem.isEmpty ? name[...] : stem))
    }

    private static let kinds = Workload.Kind.allCases.map { "-" + $0.rawValue.lowercased() }

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

    /// - Parameter key: `namespace/name` of a pod.
    func holds(_ key: String) -> Bool { key == description || key.hasPrefix(description + "-") }

    func holds(_ pod: Pod) -> Bool {
        pod.meta.namespace == namespace && (pod.meta.name == name || pod.meta.ownName.hasPrefix(name + "-"))
    }

    /// `namespace/name`
    package var description: String { "\(namespace)/\(name)" }
}

extension String {
    /// Where a text stands in it for the last time.
    fileprivate func range(ofLast text: String) -> Index? {
        indices.reversed().first { self[$0...].hasPrefix(text) }
    }
}
