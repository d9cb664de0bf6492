// SPDX-License-Identifier: Apache-2.0
//
// FerruleManifests: files of YAML and JSON to Kubernetes objects, and where in these files a field stands. It knows
// nothing of what the objects mean. Every error of a parser is worded anew here.

import FerruleDiagnostics
import FerruleKubernetes
package import FoundationEssentials

/// Reads the files that a user names.
package struct ManifestReader {
    /// How standard input is called in diagnostics.
    package static let standardInputName = "<stdin>"

    /// From this size on, a file is not read into memory as a whole if that can be helped.
    private static let largeSize = SlicedListReader.minimumSize

    private let standardInput: () throws -> Data

    /// A reader that calls `standardInput` for the path `-`.
    package init(standardInput: @escaping () throws -> Data) {
        self.standardInput = standardInput
    }

    /// Reads files, directories (all `.yaml`, `.yml` and `.json` files below, sorted) and standard input (`-`), in the
    /// order given; a file that is named twice is read once.
    ///
    /// Throws only if something cannot be read, after trying everything. All else that is wrong is in
    /// ``Manifests/diagnostics``.
    package func read(_ paths: [String]) throws(ManifestError) -> Manifests {
        var unreadable: [Diagnostic] = []
        var seen: Set<String> = []
        var manifests = Manifests()
        let documents = DocumentReader()
        for path in paths {
            do throws(ManifestError) {
                let files = path == "-" ? [Self.standardInputName] : try ManifestFiles.files(of: path)
                for file in files where seen.insert(file).inserted {
                    if path != "-", let text = largeText(of: file), documents.readInSlices(text, file: file) {
                        manifests.byteCount += text.fileSize
                        manifests.sources.add(text, as: file)
                        continue
                    }
                    let bytes = path == "-" ? try readStandardInput() : try ManifestFiles.read(file)
                    let data = TextFormat.withoutByteOrderMark(bytes)
                    manifests.byteCount += bytes.count
                    manifests.sources.add(.memory(data), as: file)
                    if path == "-", data.count >= Self.largeSize, documents.readInSlices(.memory(data), file: file) {
                        continue
                    }
                    documents.read(data, file: file, isNamed: files == [path] || path == "-")
                }
            } catch .unreadable(let diagnostics) {
                unreadable += diagnostics
            }
        }
        guard unreadable.isEmpty else { throw .unreadable(unreadable) }
        let result = documents.result
        manifests.objects = result.objects
        manifests.diagnostics = result.diagnostics
        manifests.unknownNames = result.unknownNames
        manifests.skippedKinds = result.skippedKinds.sorted { $0.key < $1.key }.map { SkippedKind(kind: $0, count: $1) }
        return manifests
    }

    /// The text of a large file; nil if it is small, or cannot be read in parts.
    private func largeText(of file: String) -> PartialText? {
        PartialText(file: file).flatMap { $0.count >= Self.largeSize ? $0 : nil }
    }

    private func readStandardInput() throws(ManifestError) -> Data {
        do {
            return try standardInput()
        } catch {
            let origin = Origin(file: Self.standardInputName)
            throw .unreadable([Diagnostic(.error, "standard input cannot be read", origin: origin)])
        }
    }
}
