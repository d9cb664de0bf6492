// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes

/// Comes after all times: what has no time yet is not made yet.
let newest = "~"

extension Ingress {
    /// The older goes before the younger, and of one age the one whose name is first.
    var age: (String, ObjectKey) { (creationTimestamp ?? newest, ObjectKey(meta)) }

    /// Itself, and why it goes before another: `Ingress shop/old, which is older,`.
    func title(before other: Ingress) -> String {
        "\(title), which is \(creationTimestamp == other.creationTimestamp ? "first by name" : "older"),"
    }
}
