// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import FoundationEssentials

/// Reads a text as if it came from standard input.
func read(_ text: String, kinds: Set<ObjectKind> = ObjectKind.ofServices) throws -> Manifests {
    var reader = ManifestReader(standardInput: { Data(text.utf8) })
    reader.kinds = kinds
    return try reader.read(["-"])
}

/// The diagnostics of a text, as a user sees them.
func printed(_ text: String) throws -> String {
    let manifests = try read(text)
    let printer = DiagnosticPrinter(locate: manifests.sources.locate)
    return manifests.diagnostics.map(printer.text(of:)).joined()
}
