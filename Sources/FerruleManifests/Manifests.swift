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
}

/// Objects of a kind that Ferrule does not use: `Ingress 1`.
package struct SkippedKind: Sendable, Hashable, CustomStringConvertible {
    package let kind: String
    package let count: Int

    package var description: String { "\(kind.brief()) \(count)" }
}
