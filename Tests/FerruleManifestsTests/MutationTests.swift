// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import FerruleTestSupport
import FoundationEssentials
import Testing

/// Damaged text is answered with diagnostics or with other objects, never with a crash.
struct MutationTests {
    /// How many times each file is damaged; each takes some milliseconds.
    private static let rounds: UInt64 = 150

    @Test("damaged text never crashes the reader", arguments: ["shop-cluster.yaml", "shop-cluster.json"])
    func survivesDamage(file: String) throws {
        let whole = try Data(contentsOf: Project.url("Tests/Data/" + file))
        // A part of the file keeps the test fast; the first part is services, the rest of it slices and pods.
        let bytes = [UInt8](whole.prefix(30_000))
        for seed in 0..<Self.rounds {
            var generator = SeededGenerator(seed: seed)
            var damaged = bytes
            if seed.isMultiple(of: 3) { damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator)) }
            for _ in 0..<Int.random(in: 1...8, using: &generator) where !damaged.isEmpty {
                let index = Int.random(in: 0..<damaged.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: damaged.remove(at: index)
                case 1: damaged[index] = UInt8.random(in: 0...255, using: &generator)
                case 2:
                    damaged.insert(
                        Array("{}[]:,\"'-&*!|>%@`#\t\n\\ 0".utf8).randomElement(using: &generator) ?? 0, at: index)
                default: damaged.swapAt(index, Int.random(in: 0..<damaged.count, using: &generator))
                }
            }
            let data = Data(damaged)
            let manifests = try ManifestReader(standardInput: { data }).read(["-"])
            let found = manifests.diagnostics + ClusterValidator.validate(manifests.objects)
            let printer = DiagnosticPrinter(locate: manifests.sources.locate)
            let lines = damaged.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
            for text in found.map(printer.text(of:)) { expectLayout(of: text, lines) }
        }
    }

    /// Place, severity and message on one line, perhaps the quoted line with a caret below, and a hint.
    private func expectLayout(of text: String, _ lines: Int) {
        let layout =
            #/<stdin>(:(?<line>\d+):[1-9]\d*)?: (error|warning): [^\n]*[^\n.]\n( {4}[^\n]+\n {4} *\^\n)?(hint: [^\n]+\n)?/#
        guard let match = text.wholeMatch(of: layout) else {
            Issue.record("another layout: \(text.debugDescription)")
            return
        }
        guard let line = match.line else { return }
        #expect((1...lines).contains(Int(line) ?? 0), "\(text)")
    }

    @Test("text that ends too early is reported", arguments: ["shop-cluster.yaml", "shop-cluster.json"])
    func reportsTruncation(file: String) throws {
        let whole = try Data(contentsOf: Project.url("Tests/Data/" + file))
        for part in 1..<20 {
            let data = whole.prefix(whole.count * part / 20)
            let manifests = try ManifestReader(standardInput: { data }).read(["-"])
            #expect(!manifests.diagnostics.isEmpty, "\(part)/20")
        }
    }
}
