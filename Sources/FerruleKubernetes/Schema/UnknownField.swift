// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

/// A field that a type of the API does not have, or that an object gives more than once.
package struct UnknownField: Sendable {
    /// Where it stands in its object.
    private let path: FieldPath
    private let finding: Finding
    package var likeIt = 0

    private enum Finding {
        case unknown(meant: [String], hint: String?)
        case repeated
    }

    /// - Parameter parent: the type of the object that holds the one with the field; nil at the top.
    package init(_ name: String, at path: FieldPath, of schema: FieldSchema, within parent: FieldSchema?) {
        self.path = path
        let search = FieldSearch(name: name, path: path, schema: schema, parent: parent)
        let (near, isRead) = search.nearNames
        let meant = (isRead ? near : []) + search.placesOfName
        finding = .unknown(meant: meant, hint: meant.isEmpty ? didYouMean(near) : nil)
    }

    /// A field that is given more than once.
    package init(repeated path: FieldPath) { (self.path, finding) = (path, .repeated) }

    /// What is to be said about it.
    package func unknownName(in object: String, origin: Origin, isStored: Bool) -> UnknownName {
        var name =
            switch finding {
            case .repeated: UnknownName.repeated(path, in: object, origin: origin, isStored: isStored)
            case .unknown(let meant, let hint):
                UnknownName(
                    origin: origin, object: object, field: path,
                    finding: "Kubernetes \(FieldSchema.version) has no such field",
                    meant: meant, hint: hint, isStored: isStored)
            }
        name.likeIt = likeIt
        return name
    }
}

extension UnknownField: BoundedElement {
    /// Those are alike that are equally bad.
    package var group: Int {
        switch finding {
        case .repeated: 0
        case .unknown(let meant, _): meant.isEmpty ? 1 : 2
        }
    }
}

/// What may be meant by a name.
private struct FieldSearch {
    let name: String
    let path: FieldPath
    let schema: FieldSchema
    let parent: FieldSchema?

    /// The nearest of the type's own names, and whether one of them is read.
    var nearNames: (names: [String], isRead: Bool) {
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
    var placesOfName: [String] {
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
