// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

/// A name in an object that Kubernetes 1.36 does not have: of a field, of a kind or of a version.
///
/// How bad that is depends. A name that is nearly one that is read changes the traffic if it is passed over, so a manifest
/// with one is refused. An API server drops what it does not know: in what it has written an unknown name is of a newer
/// version, and of no interest.
///
/// A field that is given more than once is told in the same way: which one counts is up to each reader.
package struct UnknownName: Sendable, Hashable {
    /// The object's place.
    package let origin: Origin
    /// The object as people call it.
    package let object: String
    /// Where the name stands.
    package let field: FieldPath
    /// What was found.
    package let finding: String
    /// The names that are read and may be meant.
    package let meant: [String]
    /// What is to be done otherwise.
    package let hint: String?
    /// Whether an API server has written the object.
    package let isStored: Bool
    /// Whether the name is known, and stands there more than once.
    package var isRepeated = false
    package var likeIt = 0

    /// Whether what the name stands for is not the same for each reader, or may be something that is read.
    private var isOfInterest: Bool { isRepeated || !meant.isEmpty }

    /// A field of the API that an object gives more than once.
    ///
    /// - Parameter object: as people call it.
    package static func repeated(
        _ field: FieldPath, in object: String, origin: Origin, isStored: Bool
    ) -> UnknownName {
        UnknownName(
            origin: origin, object: object, field: field, finding: "the field is given more than once", meant: [],
            hint: nil, isStored: isStored, isRepeated: true)
    }

    /// What to tell a user; nil for nothing.
    ///
    /// - Parameter isStrict: whether every unknown name is an error.
    package func diagnostic(isStrict: Bool) -> Diagnostic? {
        if isStored, !isOfInterest, !isStrict { return nil }
        let isError = isStrict || (!isStored && isOfInterest)
        let consequence = isError ? "" : isRepeated ? ", and the first counts" : ", and it is ignored"
        let question = meant.isEmpty ? "" : "; did you mean \(meant.joined(separator: " or "))?"
        var diagnostic = Diagnostic(
            isError ? .error : .warning, finding + consequence + question, object: object, field: field, origin: origin,
            hint: hint)
        diagnostic.likeIt = likeIt
        return diagnostic
    }
}

extension UnknownName: BoundedElement {
    /// Those are alike that are equally bad.
    package var group: Int { (isOfInterest ? 2 : 0) + (isStored ? 1 : 0) }
}
