// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleKubernetes
package import FoundationEssentials

/// Reads the files that a user names.
package struct ManifestReader {
    /// How standard input is called in diagnostics.
    package static let standardInputName = "<stdin>"

    /// The namespace of objects that name none.
    package var namespace = ObjectMeta.defaultNamespace
    /// The kinds that are read; objects of others cost nothing but their text.
    package var kinds = ObjectKind.ofServices
    /// Which files and folders to leave out of directories.
    package var excluded: [FilePattern] = []

    /// Whether there may be no objects: in a directory without any manifest, which cannot be read else, and in a file that is
    /// named, where that is an error else.
    package var mayBeEmpty = false

    private let standardInput: () throws -> Data

    /// A reader that calls `standardInput` for the path `-`.
    package init(standardInput: @escaping () throws -> Data) {
        self.standardInput = standardInput
    }

    /// Reads files, pipes, directories (all `.yaml`, `.yml` and `.json` files below, sorted) and standard input (`-`), in the
    /// order given; a file that is named twice is read once, and an object that stands there twice is kept once.
    ///
    /// Files of a directory that hold no Kubernetes objects are passed over; that none of them does, or that a file does not
    /// which was named itself, is an error. Throws only if something cannot be read, after trying everything. All else that
    /// is wrong is in ``Manifests/diagnostics``.
    package func read(_ paths: [String]) throws(ManifestError) -> Manifests {
        let (manifests, unreadable) = readWhatCanBe(paths)
        guard unreadable.isEmpty else { throw .unreadable(unreadable) }
        return manifests
    }

    /// The same; what cannot be read is told beside what can.
    package func readWhatCanBe(_ paths: [String]) -> (manifests: Manifests, unreadable: [Diagnostic]) {
        var input = InputGatherer(namespace: namespace, kinds: kinds, mayBeEmpty: mayBeEmpty)
        let files = ManifestFiles(excluded: excluded, mayBeEmpty: mayBeEmpty)
        var unreadable: [Diagnostic] = []
        for path in paths {
            do throws(ManifestError) {
                if path == "-" {
                    try input.addStandardInput(readStandardInput)
                } else if let found = try files.below(path) {
                    for file in found { try input.addFound(file) }
                    input.checkDirectory(path, found)
                } else {
                    try input.addNamed(path)
                }
            } catch {
                switch error {
                case .unreadable(let diagnostics): unreadable += diagnostics
                }
            }
        }
        return (input.manifests, unreadable)
    }

    private func readStandardInput() throws(ManifestError) -> Data {
        do {
            return try standardInput()
        } catch {
            throw .unreadable(
                Self.standardInputName, "standard input cannot be read: \(ManifestError.reason(of: error))")
        }
    }
}
