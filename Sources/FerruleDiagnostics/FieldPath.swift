// SPDX-License-Identifier: Apache-2.0

/// Where a value stands within a document, as Kubernetes writes it: `spec.ports[0].nodePort`.
package struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    package enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    package var steps: [Step]

    package init(_ steps: [Step] = []) { self.steps = steps }

    /// A path of keys: `FieldPath("spec", "clusterIP")`.
    package init(_ keys: String...) { steps = keys.map(Step.key) }

    /// The path of a member of the object at this path.
    package subscript(_ key: String) -> FieldPath { FieldPath(steps + [.key(key)]) }

    /// The path of an element of the list at this path, counted from 0.
    package subscript(_ index: Int) -> FieldPath { FieldPath(steps + [.index(index)]) }

    package static func + (left: FieldPath, right: FieldPath) -> FieldPath { FieldPath(left.steps + right.steps) }

    package var description: String {
        steps.reduce(into: "") { text, step in
            switch step {
            case .key(let key) where key.contains("."): text += "[\(key)]"
            case .key(let key): text += text.isEmpty ? key : "." + key
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}
