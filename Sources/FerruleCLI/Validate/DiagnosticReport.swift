// SPDX-License-Identifier: Apache-2.0

internal import FerruleText
internal import FerruleDiagnostics

/// What `ferrule validate` says, in its formats.
struct DiagnosticReport {
    /// In the order of the lines that they are about.
    let diagnostics: [Diagnostic]
    /// How many services the input has, if it is valid.
    let services: Int
    /// The name of the input, which is the place of what is found in no line.
    let input: String

    var errors: Int { diagnostics.total(.error) }
    var warnings: Int { diagnostics.total(.warning) }

    /// As other commands print it, and a line that counts.
    func text(colored: Bool) -> String {
        let found = DiagnosticPrinter(colored: colored).text(of: diagnostics)
        let count = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
        let verdict = errors > 0 ? "invalid" : "valid, with \(counted(services, "service"))"
        return found + ([verdict] + (count.isEmpty ? [] : [count.joined(separator: " and ")])).joined(separator: ": ")
    }

    /// Workflow commands of GitHub Actions, a line each: `::error file=web.yaml,line=4,col=15,title=Service shop/web::…`.
    var github: String {
        diagnostics.map { diagnostic in
            var properties: [(String, String)] = []
            if let file = diagnostic.file { properties.append(("file", file)) }
            if let location = diagnostic.location {
                properties += [("line", "\(location.line)"), ("col", "\(location.column)")]
            }
            if let object = diagnostic.object { properties.append(("title", object)) }
            let list = properties.map { "\($0)=\(Self.escaped($1.printable, also: [":": "%3A", ",": "%2C"]))" }
            let lines = [diagnostic.sentence] + [diagnostic.hint].compactMap { $0.map { "hint: \($0)" } }
            let text = Self.escaped(lines.map(\.printable).joined(separator: "\n"))
            return "::\(diagnostic.severity.rawValue) \(list.joined(separator: ","))::\(text)\n"
        }.joined()
    }

    /// Escapes what would end a workflow command or a property of it.
    private static func escaped(_ text: String, also more: [Character: String] = [:]) -> String {
        let codes = ["%": "%25", "\r": "%0D", "\n": "%0A", "\r\n": "%0D%0A"].merging(more) { $1 }
        return text.map { codes[$0] ?? String($0) }.joined()
    }
}

extension Diagnostic {
    /// The file, if it has a name.
    var file: String? { origin.flatMap { $0.file.hasPrefix("<") ? nil : $0.file } }

    /// What was found, with the field that it is about, and how many there are like it.
    var sentence: String {
        (field.steps.isEmpty ? "" : "\(field): ") + message + (likeIt > 0 ? " (and \(likeIt) like it)" : "")
    }
}
