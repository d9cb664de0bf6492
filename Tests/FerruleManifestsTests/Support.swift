// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleManifests
import FoundationEssentials

/// The folder `Tests/Data` of the package.
let dataFolder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/") + "/Data"

/// Reads a text as if it came from standard input.
func read(_ text: String) throws -> Manifests {
    try ManifestReader(standardInput: { Data(text.utf8) }).read(["-"])
}

/// The diagnostics of a text, as a user sees them.
func printed(_ text: String) throws -> String {
    let manifests = try read(text)
    let printer = DiagnosticPrinter(locate: manifests.sources.locate)
    return manifests.diagnostics.map(printer.text(of:)).joined()
}
