// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
import Synchronization

/// Gathers the objects of documents that are decoded one after the other, and what is wrong with them.
///
/// It is a class because a decoder hands its `userInfo` down by value: every nested initializer must reach the same log.
package final class DecodingSession: Sendable {
    /// A field of the wrong type; the path counts from the root of the document.
    struct Problem: Sendable {
        let path: FieldPath
        let message: String
        let hint: String?
    }

    struct State: Sendable {
        var result = DecodedObjects()
        var origin = Origin(file: "-")
        /// The number of the first item of the list that the document is, where it holds a part of a list only.
        var firstItem = 0
        /// How many items the list had that the last document was; nil if it was none.
        var itemCount: Int?
        /// Problems of the object that is being decoded.
        var problems: [Problem] = []
    }

    let state = Mutex(State())

    private static let userInfoKey = CodingUserInfoKey(rawValue: "ferrule.decoding-session")

    package init() {}

    /// What a decoder of ``KubernetesDocument`` needs as its `userInfo`.
    package var userInfo: [CodingUserInfoKey: any Sendable] {
        Self.userInfoKey.map { [$0: self] } ?? [:]
    }

    /// The session of a decoder.
    static func of(_ decoder: any Decoder) -> DecodingSession? {
        userInfoKey.flatMap { decoder.userInfo[$0] as? DecodingSession }
    }

    /// Says which document comes next. If it is a list without the items before one, they are counted all the same.
    package func begin(file: String, document: Int, firstItem: Int = 0) {
        state.withLock {
            $0.origin = Origin(file: file, document: document)
            ($0.firstItem, $0.itemCount) = (firstItem, nil)
        }
    }

    /// Where the document comes from that was begun last.
    package var origin: Origin { state.withLock { $0.origin } }

    /// The number of the first item of the list that it is, as ``begin(file:document:firstItem:)`` was told.
    package var firstItem: Int { state.withLock { $0.firstItem } }

    /// How many items the document had that was decoded last; nil if it was no list.
    package var itemCount: Int? { state.withLock { $0.itemCount } }

    /// Everything decoded so far.
    package var result: DecodedObjects { state.withLock { $0.result } }

    /// Adds what has been decoded elsewhere, behind all that is here.
    package func add(_ other: DecodedObjects) {
        state.withLock { $0.result.append(other) }
    }

    /// Adds names in the document that the API does not have.
    package func add(_ unknownNames: [UnknownName]) {
        guard !unknownNames.isEmpty else { return }
        state.withLock { $0.result.unknownNames += unknownNames }
    }

    /// Adds something that is wrong with the text of a document, in its place among the objects' problems.
    package func report(_ diagnostic: Diagnostic) {
        state.withLock { $0.result.diagnostics.append(diagnostic) }
    }

    /// Remembers a field of the wrong type, as part of the object that is being decoded.
    func record(_ problem: Problem) {
        state.withLock { $0.problems.append(problem) }
    }

    /// Forgets the problems at or below a path, before it is decoded once more.
    func forgetProblems(below path: FieldPath) {
        state.withLock { $0.problems.removeAll { $0.path.steps.starts(with: path.steps) } }
    }
}

/// What decoding has found.
package struct DecodedObjects: Sendable {
    package var objects = ClusterObjects()
    package var diagnostics: [Diagnostic] = []
    /// Names that the API does not have: whether they are errors is up to whoever asks.
    package var unknownNames: [UnknownName] = []
    /// How many objects there were of each kind that is not used.
    package var skippedKinds: [String: Int] = [:]

    package init() {}

    /// Adds what was found in the text that follows.
    package mutating func append(_ next: DecodedObjects) {
        objects.append(next.objects)
        diagnostics += next.diagnostics
        unknownNames += next.unknownNames
        skippedKinds.merge(next.skippedKinds, uniquingKeysWith: +)
    }
}
