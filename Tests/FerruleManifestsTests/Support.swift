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

/// Whole numbers that follow from a seed alone (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
