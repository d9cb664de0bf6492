// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

/// A field that a type of the API does not have.
package struct UnknownField {
    /// Where it stands in its object.
    private let path: FieldPath
    private let name: String
    private let schema: FieldSchema
    /// The type of the object that holds the one with the field; nil at the top.
    private let parent: FieldSchema?

    package init(_ name: String, at path: FieldPath, of schema: FieldSchema, within parent: FieldSchema?) {
        (self.name, self.path, self.schema, self.parent) = (name, path, schema, parent)
    }

    /// What is to be said about it.
    package func unknownName(in object: String, origin: Origin, isStored: Bool) -> UnknownName {
        let (near, isRead) = nearNames
        let meant = (isRead ? near : []) + placesOfName
        return UnknownName(
            origin: origin, object: object, field: path, finding: "Kubernetes 1.36 has no such field", meant: meant,
            hint: meant.isEmpty && !near.isEmpty ? "did you mean \(near.joined(separator: " or "))?" : nil,
            isStored: isStored)
    }

    /// The nearest of the type's own names, and whether one of them is read.
    private var nearNames: (names: [String], isRead: Bool) {
        var nearest = Int.max
        var positions: [Int] = []
        for position in schema.names.indices {
            guard let distance = LetterDistance.between(name, schema.names[position]), distance <= nearest else {
                continue
            }
            if distance < nearest { positions = [] }
            nearest = distance
            positions.append(position)
        }
        let read = positions.filter { schema.isRead[$0] }
        return ((read.isEmpty ? positions : read).map { schema.names[$0] }, !read.isEmpty)
    }

    /// Where a field of this very name is read one level above or below.
    private var placesOfName: [String] {
        let here = Array(path.steps.dropLast())
        var places: [String] = []
        for (position, content) in schema.contents.enumerated() where schema.isRead[position] {
            guard let inner = content.schema, inner.reads(name) else { continue }
            let outer = FieldPath(here)[schema.names[position]].description
            if case .list = content { places.append("\(outer)[].\(name)") } else { places.append("\(outer).\(name)") }
        }
        if let parent, parent.reads(name) {
            let isInList = if case .index = here.last { true } else { false }
            places.append(FieldPath(here.dropLast(isInList ? 2 : 1))[name].description)
        }
        return places
    }
}

extension FieldSchema {
    fileprivate func reads(_ name: String) -> Bool {
        names.firstIndex(of: name).map { isRead[$0] } ?? false
    }
}
