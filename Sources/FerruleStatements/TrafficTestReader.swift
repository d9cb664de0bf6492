// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
package import FerruleDiagnostics
internal import FerruleKubernetes
package import FerruleManifests
internal import FerruleNetwork
internal import FerruleTraffic

/// Makes statements of documents, strictly: whatever is not understood is an error, since nobody else would notice.
package struct TrafficTestReader {
    package private(set) var tests: [TrafficTest] = []
    package private(set) var diagnostics: [Diagnostic] = []

    package init(_ documents: PlainDocuments) {
        diagnostics = documents.diagnostics
        for document in documents.documents { read(document) }
    }

    private mutating func read(_ document: PlainDocuments.Document) {
        var problems = FieldProblems(origin: document.origin, object: "TrafficTest")
        defer { diagnostics += problems.found }
        guard case .object(let fields) = document.value else {
            return problems.add(
                FieldPath(), "\(document.value.quotation) is not a TrafficTest, which has the fields \(topFields)")
        }
        guard problems.checkType(fields) else { return }
        problems.checkNames(fields, ["apiVersion", "kind", "metadata", "spec"], at: FieldPath(), "a TrafficTest")
        let name = problems.name(fields["metadata"])
        problems.object = name.isEmpty ? "TrafficTest" : "TrafficTest \(name)"
        var test = TrafficTest(name: name, origin: document.origin)
        let path = FieldPath("spec")
        switch fields["spec"] {
        case .list(let items)?:
            if items.isEmpty { problems.add(path, "there is no statement in it: nothing is checked", .warning) }
            for (index, item) in items.enumerated() {
                var reader = StatementReader(path: path[index], problems: problems)
                if let statement = reader.read(item) { test.statements.append(statement) }
                problems = reader.problems
            }
        case let other:
            problems.add(
                path,
                (other.map { "\($0.quotation) is not a list of statements" } ?? "the statements are missing")
                    + ", such as '- {from: outside, to: nodeport 30080, goesTo: endpoints}'")
        }
        tests.append(test)
    }

    private let topFields = "apiVersion, kind, metadata and spec"
}

/// Gathers what is wrong with a document.
private struct FieldProblems {
    let origin: Origin
    var object: String
    private(set) var found: [Diagnostic] = []

    init(origin: Origin, object: String) { (self.origin, self.object) = (origin, object) }

    mutating func add(
        _ field: FieldPath, _ message: String, _ severity: Diagnostic.Severity = .error, hint: String? = nil
    ) {
        found.append(Diagnostic(severity, message, object: object, field: field, origin: origin, hint: hint))
    }

    /// Whether the document is a TrafficTest.
    mutating func checkType(_ fields: [String: DocumentValue]) -> Bool {
        let wanted = ObjectType.trafficTest
        guard case .text(let kind)? = fields["kind"] else {
            object = "document"
            add(FieldPath("kind"), "the kind is missing: pass documents of kind \(wanted.kind)")
            return false
        }
        guard kind == wanted.kind else {
            object = kind.brief()
            let isNear = LetterDistance.between(kind, wanted.kind) != nil
            add(
                FieldPath("kind"), "\(quoted(kind)) is not \(wanted.kind), and -t takes no other kind",
                hint: isNear ? "did you mean \(wanted.kind)?" : "definitions are passed with -f")
            return false
        }
        if fields["apiVersion"] != .text(wanted.apiVersion) {
            let given = fields["apiVersion"].map { "\($0.quotation) is not \(wanted.apiVersion)" }
            add(FieldPath("apiVersion"), given ?? "the version is missing: \(wanted.apiVersion)")
        }
        return true
    }

    /// The name in `metadata`; empty where there is none.
    mutating func name(_ metadata: DocumentValue?) -> String {
        let path = FieldPath("metadata")
        guard case .object(let fields)? = metadata else {
            add(path, "the name is missing, as in 'metadata: {name: shop}'")
            return ""
        }
        checkNames(fields, ["name", "namespace", "labels", "annotations"], at: path, "metadata here")
        guard case .text(let name)? = fields["name"], !name.isEmpty else {
            add(path["name"], fields["name"].map { "\($0.quotation) is not a name" } ?? "the name is missing")
            return ""
        }
        return name
    }

    /// Reports fields that there are not.
    mutating func checkNames(
        _ fields: [String: DocumentValue], _ known: [String], at path: FieldPath, _ holder: String
    ) {
        for name in fields.keys.sorted() where !known.contains(name) {
            add(
                path[name], "\(holder) has no field \(quoted(name))",
                hint: didYouMean(known.nearest(to: name)) ?? "its fields are \(known.joined(separator: ", "))")
        }
    }
}

/// Reads one statement.
private struct StatementReader {
    let path: FieldPath
    var problems: FieldProblems
    private var fields: [String: DocumentValue] = [:]

    init(path: FieldPath, problems: FieldProblems) { (self.path, self.problems) = (path, problems) }

    mutating func read(_ value: DocumentValue) -> TrafficStatement? {
        guard case .object(let fields) = value else {
            problems.add(
                path, "\(value.quotation) is not a statement, such as {from: outside, to: nodeport 30080, is: dropped}")
            return nil
        }
        self.fields = fields
        problems.checkNames(
            fields, ["from", "to", "goesTo", "is", "masqueraded", "sticky", "onNodes"], at: path, "a statement")
        let from = words("from", "such as outside, node or pod shop/web").flatMap { text in
            sender(text).map { (text, $0) }
        }
        let to = words("to", "such as service shop/web:http or nodeport 30080").flatMap { text in
            destination(text).map { (text, $0) }
        }
        let end = end
        let (isMasqueraded, isSticky) = (truth("masqueraded", end), truth("sticky", end))
        let nodes = nodes
        guard let from, let to, let end else { return nil }
        var statement = TrafficStatement(
            from: from.1, to: to.1, end: end, isMasqueraded: isMasqueraded, isSticky: isSticky, fromWords: from.0,
            toWords: to.0)
        statement.nodes = nodes
        statement.origin = Origin(file: problems.origin.file, document: problems.origin.document, path: path)
        return statement
    }

    private mutating func words(_ field: String, _ example: String) -> String? {
        switch fields[field] {
        case .text(let text)?: return text
        case let other?: problems.add(path[field], "\(other.quotation) is not a text, \(example)")
        case nil: problems.add(path, "the field \(field) is missing, \(example)")
        }
        return nil
    }

    private mutating func sender(_ text: String) -> TrafficStatement.Sender? {
        do throws(TrafficError) {
            let source = try TrafficSource(text)
            guard case .pod(let key) = source else { return .one(source) }
            return .pods(PodGroup(key.namespace, key.name))
        } catch {
            problems.add(path["from"], error.message)
            return nil
        }
    }

    private mutating func destination(_ text: String) -> TrafficDestination? {
        do throws(TrafficError) {
            return try TrafficDestination(text)
        } catch {
            problems.add(path["to"], error.message)
            return nil
        }
    }

    // MARK: How it ends

    private static let placeForms = "'pods NAMESPACE/NAME', 'endpoints', '2 endpoints' or a list of ADDRESS:PORT"

    private var end: TrafficStatement.End? {
        mutating get {
            switch (fields["goesTo"], fields["is"]) {
            case (let goesTo?, nil): return places(goesTo)
            case (nil, let verdict?): return self.verdict(verdict)
            case (nil, nil):
                problems.add(
                    path, "how it ends is missing: goesTo says where to, and is one of refused, dropped and leftAlone")
            case (_?, _?): problems.add(path["is"], "goesTo says how it ends already: leave one of them out")
            }
            return nil
        }
    }

    private static let verdicts: KeyValuePairs<String, TrafficStatement.End> = [
        "refused": .refused, "dropped": .dropped, "leftAlone": .leftAlone,
    ]

    private mutating func verdict(_ value: DocumentValue) -> TrafficStatement.End? {
        let text = if case .text(let text) = value { text } else { "" }
        if let verdict = Self.verdicts.first(where: { $0.key == text })?.value { return verdict }
        problems.add(
            path["is"], "\(value.quotation) is not refused, dropped or leftAlone",
            hint: didYouMean(Self.verdicts.map(\.key).nearest(to: text)))
        return nil
    }

    private mutating func places(_ value: DocumentValue) -> TrafficStatement.End? {
        let field = path["goesTo"]
        switch value {
        case .text(let text):
            if let end = StatementReader.places(text) { return end }
            problems.add(field, "\(value.quotation) is not \(Self.placeForms)", hint: Self.protocolHint(text))
        case .list(let items) where !items.isEmpty:
            var endpoints: Set<Endpoint> = []
            for (index, item) in items.enumerated() {
                guard case .text(let text) = item, let endpoint = Self.endpoint(text) else {
                    let hint = if case .text(let text) = item { Self.protocolHint(text) } else { String?.none }
                    problems.add(field[index], "\(item.quotation) is not ADDRESS:PORT, IPv6 in brackets", hint: hint)
                    continue
                }
                endpoints.insert(endpoint)
            }
            return .these(endpoints.sorted())
        case .number(let number) where Int(exactly: number).map { $0 > 0 } == true:
            problems.add(
                field, "\(value.quotation) is not \(Self.placeForms)", hint: "say '\(value.quotation) endpoints'")
        default: problems.add(field, "\(value.quotation) is not \(Self.placeForms)")
        }
        return nil
    }

    /// Reads `endpoints`, `2 endpoints`, `pods shop/web`, `2 pods shop/web`, or one ADDRESS:PORT.
    private static func places(_ text: String) -> TrafficStatement.End? {
        var words = text.split(separator: " ")
        let count = words.first.flatMap { Int($0) }
        if let count {
            guard count > 0 else { return nil }
            words.removeFirst()
        }
        switch (words.first, words.count) {
        case ("endpoints", 1): return .endpoints(count: count)
        case ("endpoint", 1) where count == 1: return .endpoints(count: 1)
        case ("pods", 2): return PodGroup(words[1]).map { .pods($0, count: count) }
        case ("pod", 2) where count == 1: return PodGroup(words[1]).map { .pods($0, count: 1) }
        case (let word?, 1) where count == nil: return endpoint(String(word)).map { .these([$0]) }
        default: return nil
        }
    }

    /// Reads `ADDRESS:PORT`. A protocol behind it would go unheard: it is that of what traffic is sent to.
    private static func endpoint(_ text: String) -> Endpoint? {
        guard !text.contains("/"), case .endpoint(let endpoint, _)? = try? TrafficDestination(text) else { return nil }
        return endpoint
    }

    /// For what would be an endpoint without a protocol behind it.
    private static func protocolHint(_ text: String) -> String? {
        guard let slash = text.lastIndex(of: "/"), endpoint(String(text[..<slash])) != nil else { return nil }
        return "leave the protocol out: it is that of what traffic is sent to"
    }

    // MARK: What else

    private mutating func truth(_ field: String, _ end: TrafficStatement.End?) -> Bool? {
        guard let value = fields[field] else { return nil }
        guard case .bool(let truth) = value else {
            problems.add(path[field], "\(value.quotation) is not true or false")
            return nil
        }
        switch (end, field) {
        case (.refused?, _), (.dropped?, _), (.leftAlone?, "sticky"):
            problems.add(path[field], "this means nothing where traffic goes to no endpoint: leave it out")
        default: break
        }
        return truth
    }

    private var nodes: TrafficStatement.Nodes {
        mutating get {
            let field = path["onNodes"]
            switch fields["onNodes"] {
            case nil: return .asAsked
            case .text("every")?: return .every
            case .text(let name)? where !name.isEmpty: return .named([name])
            case .list(let items)? where !items.isEmpty:
                var names: [String] = []
                for (index, item) in items.enumerated() {
                    if case .text(let name) = item, !name.isEmpty {
                        if !names.contains(name) { names.append(name) }
                    } else {
                        problems.add(field[index], "\(item.quotation) is not the name of a node")
                    }
                }
                return .named(names)
            case let other?:
                problems.add(field, "\(other.quotation) is not every, the name of a node, or a list of names")
                return .asAsked
            }
        }
    }
}
