// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleKubernetes

/// What the files of an input say.
package struct Manifests {
    /// The objects that could be decoded, in the order in which they stand in the input.
    package var objects = ClusterObjects()
    /// What is wrong with the files, in input order.
    package var diagnostics: [Diagnostic] = []
    /// Names in them that the API does not have.
    package var unknownNames: [UnknownName] = []
    /// The kinds that are not used, by name.
    package var skippedKinds: [SkippedKind] = []
    /// The files of directories that are no manifests.
    package var passedOver = PassedOverFiles()
    /// The size of all files.
    package var byteCount = 0
    /// The text of the files, where diagnostics find their lines.
    package let sources = SourceMap()

    init() {}

    /// What is wrong with the text of the files, and with the names in it.
    ///
    /// - Parameter isStrict: whether names that the API does not have are errors in whatever has written them.
    package func diagnostics(isStrict: Bool) -> [Diagnostic] {
        diagnostics + unknownNames.compactMap { $0.diagnostic(isStrict: isStrict) }
    }

    /// The same problems of these files; where a file is a template, as of a chart of helm, its first error tells how such are
    /// read, unless it has another hint.
    package func hintingAtTemplates(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        let errors = diagnostics.filter { $0.severity == .error }
        var templates = Set(errors.filter { $0.message.contains(PassedOverFiles.mark) }.compactMap(\.origin?.file))
        for file in Set(errors.compactMap(\.origin?.file)) where sources.isUnfilled(file) { templates.insert(file) }
        guard !templates.isEmpty else { return diagnostics }
        return diagnostics.map { diagnostic in
            guard diagnostic.severity == .error, let file = diagnostic.origin?.file, templates.remove(file) != nil
            else { return diagnostic }
            var hinting = diagnostic
            hinting.hint = diagnostic.hint ?? PassedOverFiles.helmHint
            return hinting
        }
    }
}

/// Objects of a kind that Ferrule does not use: `Ingress 1`.
package struct SkippedKind: Sendable, Hashable, CustomStringConvertible {
    package let kind: String
    package let count: Int

    package var description: String { "\(kind.brief()) \(count)" }
}
