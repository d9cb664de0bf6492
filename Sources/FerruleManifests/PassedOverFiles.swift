// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleText
import FoundationEssentials

/// The files found in directories that are no manifests: those of other programs, and templates of manifests.
package struct PassedOverFiles: Sendable {
    /// Without a Kubernetes object: kustomizations, charts and their values, files of CI and of other programs, empty ones.
    package var withoutObjects: [String] = []
    /// What becomes manifests only when a program such as helm fills it in.
    package var templates: [String] = []

    init() {}

    /// How what such files are for is read in their place.
    var hint: String? {
        let names = Set(withoutObjects.map { URL(filePath: $0).lastPathComponent })
        if !templates.isEmpty || names.contains("Chart.yaml") { return Self.helmHint }
        return names.isDisjoint(with: Self.kustomizations) ? nil : Self.kustomizeHint
    }

    /// A line that counts and names them, and says how what they are for is read; nil where there are none.
    package var note: String? {
        let parts = [(withoutObjects, "file", " without Kubernetes objects"), (templates, "template", "")]
            .filter { !$0.0.isEmpty }.map { names, noun, quality in
                let shown = names.count > 10 ? 3 : names.count
                return "\(counted(names.count, noun))\(quality) (\(listed(names, shown: shown)))"
            }
        guard !parts.isEmpty else { return nil }
        return "passed over: " + parts.joined(separator: " and ") + (hint.map { "; \($0)" } ?? "")
    }

    static let helmHint = "`helm template CHART | ferrule ... -f -` reads what a chart comes to"
    static let kustomizeHint = "`kubectl kustomize FOLDER | ferrule ... -f -` reads what a kustomization comes to"

    /// The names that kustomize looks for.
    private static let kustomizations: Set<String> = ["kustomization.yaml", "kustomization.yml"]

    /// Whether a text cannot hold objects: two words are in every one. Such a text need not even be well-formed. Where one of
    /// the words is forgotten, two fields of most objects tell that one is meant.
    static func isForeign(_ text: Data, file: String) -> Bool {
        if case .foreign = TextFormat(of: text) { return false }
        if kustomizations.contains(URL(filePath: file).lastPathComponent) { return true }
        guard !text.containsWord("apiversion") || !text.containsWord("kind") else { return false }
        return !text.hasField("metadata") || !text.hasField("spec")
    }

    /// Whether a text is a template: `{{` makes a document unreadable, or stands in what is read. In other places, as in a text
    /// of a ConfigMap, it means nothing.
    static func isTemplate(_ text: Data, _ read: DecodedObjects) -> Bool {
        text.containsWord(mark) && read.mentions(mark) || read.isUnreadable && isUnfilled(text)
    }

    /// Whether `{{` makes a document unreadable.
    static func isUnfilled(_ text: Data) -> Bool {
        text.containsWord(mark) && TextDocument.documents(of: text).contains(where: \.isTemplate)
    }

    /// What templates begin with, wherever a program fills something in.
    static let mark = "{{"
}

extension DecodedObjects {
    /// Whether some field that is read, or what is said of an object, holds a text.
    fileprivate func mentions(_ text: String) -> Bool {
        // Every field of every kind, also of kinds to come; only asked of the few files that hold the text at all.
        String(describing: objects).contains(text)
            || diagnostics.contains { $0.object != nil && $0.message.contains(text) }
    }
}

extension Data {
    /// Whether a line begins with a field of this name, or one of JSON stands somewhere.
    fileprivate func hasField(_ name: String) -> Bool {
        starts(with: Data("\(name):".utf8))
            || ["\n\(name):", "\"\(name)\""].contains { firstRange(of: Data($0.utf8)) != nil }
    }

    /// Whether a word stands somewhere, in letters of any case.
    ///
    /// - Parameter word: in lower case.
    fileprivate func containsWord(_ word: String) -> Bool {
        let (text, word) = (span, Array(word.utf8))
        guard text.count >= word.count else { return false }
        return (0...text.count - word.count).contains { start in
            word.indices.allSatisfy { offset in
                let byte = text[start + offset]
                return byte == word[offset] || (0x41...0x5a).contains(byte) && byte | 0x20 == word[offset]
            }
        }
    }
}
