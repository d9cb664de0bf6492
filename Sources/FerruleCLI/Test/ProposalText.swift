// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleStatements
internal import FerruleTraffic

/// Statements as a file of them: one document.
struct ProposalText {
    private let statements: [TrafficStatement]

    init(_ statements: [TrafficStatement]) { self.statements = statements }

    var text: String {
        let lines = [
            "# Statements that hold now, proposed by `ferrule test --write`. Keep those that are meant.",
            "apiVersion: ferrule.dev/v1", "kind: TrafficTest", "metadata: {name: proposed}",
        ]
        guard !statements.isEmpty else { return (lines + ["spec: []"]).joined(separator: "\n") }
        return (lines + ["spec:"] + statements.map { "  - {\(fields($0))}" }).joined(separator: "\n")
    }

    private func fields(_ statement: TrafficStatement) -> String {
        var fields = [("from", scalar(statement.fromWords)), ("to", scalar(statement.toWords))]
        switch statement.end {
        case .refused: fields.append(("is", "refused"))
        case .dropped: fields.append(("is", "dropped"))
        case .leftAlone: fields.append(("is", "leftAlone"))
        case .pods, .endpoints, .these:
            let places = statement.end.places.map(scalar)
            fields.append(("goesTo", places.count == 1 ? places[0] : "[\(places.joined(separator: ", "))]"))
        }
        if let value = statement.isMasqueraded { fields.append(("masqueraded", "\(value)")) }
        if let value = statement.isSticky { fields.append(("sticky", "\(value)")) }
        switch statement.nodes {
        case .asAsked: break
        case .every: fields.append(("onNodes", "every"))
        // In a list a node may be called `every`.
        case .named(let names): fields.append(("onNodes", "[\(names.map(scalar).joined(separator: ", "))]"))
        }
        return fields.map { "\($0): \($1)" }.joined(separator: ", ")
    }

    /// A text in a flow mapping: in quotes unless it begins with a word and holds nothing that YAML knows; what is a single
    /// word might be a number or `on`, and stands in quotes too, but for Ferrule's own.
    private func scalar(_ text: String) -> String {
        if ["node", "outside", "endpoints"].contains(text) { return text }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "/"), UInt8(ascii: "."),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        let isWord = text.contains(" ") || text.contains("-") && text.utf8.first.map { $0 >= UInt8(ascii: "a") } == true
        return isPlain && isWord ? text : quoted(text)
    }
}
