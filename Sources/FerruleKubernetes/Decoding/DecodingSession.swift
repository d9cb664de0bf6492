// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
import Synchronization

/// Gathers the objects of documents that are decoded one after the other, and what is wrong with them.
///
/// It is a class because a decoder hands its `userInfo` down by value: every nested initializer must reach the same log.
package final class DecodingSession: Sendable {
    struct State: Sendable {
        var result = DecodedObjects()
        var origin = Origin(file: "-")
        /// The number of the first item of the list that the document is, where it holds a part of a list only.
        var firstItem = 0
        /// How many items the list had that the last document was; nil if it was none.
        var itemCount: Int?
        /// What is wrong with the object that is being decoded; the paths count from the root of the document.
        var problems = DiagnosticList()
    }

    let state = Mutex(State())
    /// The namespace of objects that name none.
    package let namespace: String
    /// The kinds that are read; the others are only counted.
    private let kinds: Set<ObjectKind>

    private static let userInfoKey = CodingUserInfoKey(rawValue: "ferrule.decoding-session")

    /// - Parameters:
    ///   - namespace: of objects that name none.
    ///   - kinds: those that are read.
    package init(
        namespace: String = ObjectMeta.defaultNamespace, kinds: Set<ObjectKind> = ObjectKind.ofServices
    ) {
        (self.namespace, self.kinds) = (namespace, kinds)
    }

    /// The kind of an object of a type; nil if it is not read.
    package func kind(of type: ObjectType) -> ObjectKind? {
        ObjectKind(type).flatMap { kinds.contains($0) ? $0 : nil }
    }

    /// What is to be said of a type that is not read; nil if the API has it.
    func unknownKind(_ type: ObjectType) -> UnknownKind? { UnknownKind(type, read: kinds) }

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
        state.withLock { state in unknownNames.forEach { state.result.add($0) } }
    }

    /// Adds something that is wrong with a document, in its place among the objects' problems.
    func report(_ diagnostic: Diagnostic) {
        state.withLock { $0.result.report(diagnostic) }
    }

    /// Has no line of an object shown.
    package func conceal(_ origin: Origin) { state.withLock { $0.result.conceal(origin) } }

    /// Adds why a document cannot be decoded at all.
    package func reportUnreadable(_ diagnostic: Diagnostic) {
        state.withLock {
            $0.result.report(diagnostic)
            $0.result.isUnreadable = true
        }
    }

    /// Notes that there is something in the document that is, or is meant to be, a Kubernetes object.
    func noteObject() {
        state.withLock { $0.result.holdsObjects = true }
    }

    /// Keeps a field of the wrong type, as part of the object that is being decoded.
    func keep(_ problem: Diagnostic) {
        state.withLock { $0.problems.append(problem) }
    }

    /// The fields of the wrong type that were met since the last call, with paths that count from the object that stands so
    /// many steps below the root of the document.
    package func takeProblems(below depth: Int) -> [Diagnostic] {
        let problems = state.withLock { state in
            defer { state.problems = DiagnosticList() }
            return state.problems.diagnostics
        }
        return problems.map { problem in
            var own = problem
            own.field = FieldPath(Array(problem.field.steps.dropFirst(depth)))
            return own
        }
    }
}

/// What decoding has found.
package struct DecodedObjects: Sendable {
    package var objects = ClusterObjects()
    /// Names that the API does not have: whether they are errors is up to whoever asks.
    package var unknownNames: [UnknownName] { names.elements }
    private var names = BoundedList<UnknownName>()
    private var found = DiagnosticList()
    /// The objects of which no line is to be shown, and the lists that they stand in: Secrets, and what may be meant as one.
    package private(set) var concealed: Set<Origin> = []
    /// Whether there is anything that is, or is meant to be, a Kubernetes object, of whatever kind.
    package var holdsObjects = false
    /// Whether some document could not be decoded at all.
    package var isUnreadable = false
    /// How many objects there were of each kind that is not used.
    package var skippedKinds: [String: Int] = [:]

    package init() {}

    /// What is wrong, in the order of the text; of very many some are only counted.
    package var diagnostics: [Diagnostic] { found.diagnostics }

    package mutating func report(_ diagnostic: Diagnostic) { found.append(diagnostic) }

    package mutating func add(_ name: UnknownName) { names.append(name) }

    /// Has no line of an object shown, nor of the lists that it stands in.
    package mutating func conceal(_ origin: Origin) {
        for count in stride(from: origin.path.steps.count, through: 0, by: -2) {
            let path = FieldPath(Array(origin.path.steps.prefix(count)))
            concealed.insert(Origin(file: origin.file, document: origin.document, path: path))
        }
    }

    /// Adds what was found in the text that follows.
    package mutating func append(_ next: DecodedObjects) {
        objects.append(next.objects)
        next.unknownNames.forEach { add($0) }
        concealed.formUnion(next.concealed)
        found.append(contentsOf: next.diagnostics)
        holdsObjects = holdsObjects || next.holdsObjects
        isUnreadable = isUnreadable || next.isUnreadable
        skippedKinds.merge(next.skippedKinds, uniquingKeysWith: +)
    }
}
