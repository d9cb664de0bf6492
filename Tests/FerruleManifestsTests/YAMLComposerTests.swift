// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FoundationEssentials
import Testing

@testable import FerruleManifests

/// Small texts that stand for endless ones are refused quickly, and no others.
struct YAMLComposerTests {
    /// Anchors each of which names several aliases of the one before.
    private static func levels(_ count: Int, _ line: (_ level: Int, _ alias: String) -> String) -> String {
        "a0: &a0 [x, x]\n" + (1...count).map { line($0, "*a\($0 - 1)") }.joined()
    }

    private static let bombs = [
        // As values.
        levels(60) { "a\($0): &a\($0) [\($1), \($1)]\n" },
        // As keys, which are compared before anything else is done.
        levels(60) { "a\($0): &a\($0) [\($1), \($1)]\n" } + "*a60 : x\n",
        levels(60) { "a\($0): &a\($0) [\($1), \($1)]\n" } + "? *a60\n: x\n",
        levels(60) { "a\($0): &a\($0) [\($1), \($1)]\n" } + "b: {? *a60 : x}\n",
        levels(60) { "a\($0): &a\($0) [\($1), \($1)]\n" } + "b: [[*a60] : x]\n",
        levels(60) { "a\($0): &a\($0) {[\($1), \($1)]: \"*a\($0)\"}\n" },
        "- &a x\n" + String(repeating: "- &a [*a, *a]\n", count: 60) + "- {*a : x}\n",
        // As mappings merged into one another.
        "a0: &a0 {x: 1}\n" + (1...60).map { "a\($0): &a\($0) {<<: [*a\($0 - 1), *a\($0 - 1)]}\n" }.joined(),
    ]

    @Test("aliases of aliases of aliases end", arguments: bombs)
    func refusesBombs(text: String) throws {
        let found = try read(text).diagnostics
        #expect(found.count == 1)
        #expect(["the aliases repeat too much text", "a key must be a text"].contains(found.first?.message))
    }

    @Test("anchors as people use them are read")
    func allows() throws {
        let uses = (0..<200).map { "a\($0): \($0 % 2 == 0 ? "*x" : "{<<: *x, b: *y}")\n" }.joined()
        let text =
            "metadata: {name: a}\nx: &x {c: 1}\ny: &y really? [yes] *x\n" + uses + "apiVersion: v1\nkind: Namespace\n"
        let manifests = try read(text)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.namespaces.count == 1)
        let prose = String(repeating: "  not *so* but ** & so [?] * & on\n", count: 200)
        #expect(try read("apiVersion: v1\nkind: List\nx:\n" + prose).diagnostics == [])
        let key = "kind: &kind Namespace\napiVersion: v1\nmetadata: {name: a, labels: {*kind : a}}\n"
        #expect(try read(key).objects.namespaces.first?.meta.labels == ["Namespace": "a"])
    }
}
