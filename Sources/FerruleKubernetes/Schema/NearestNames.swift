// SPDX-License-Identifier: Apache-2.0

extension Sequence<String> {
    /// Those of some names that may have been meant by one that is not among them, each once: a slip of the pen away and
    /// nearest, sorted, three at most.
    package func nearest(to name: String) -> [String] {
        let distances = Set(self).compactMap { other in
            LetterDistance.between(other, name).map { (name: other, distance: $0) }
        }
        let least = distances.map(\.distance).min()
        return Array(distances.filter { $0.distance == least }.map(\.name).sorted().prefix(3))
    }
}

/// `did you mean a or b?`; nil of none.
package func didYouMean(_ near: [some CustomStringConvertible]) -> String? {
    near.isEmpty ? nil : "did you mean \(near.map(\.description).joined(separator: " or "))?"
}
