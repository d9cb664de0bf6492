// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FoundationEssentials
import Testing

@testable import FerruleManifests

/// Trees of YAML; small texts that stand for endless ones are refused quickly, and no others.
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

    @Test("nesting ends at its limit, in brackets as in lines", arguments: [true, false])
    func refusesDepth(inBrackets: Bool) throws {
        let limit = YAMLComposer.depthLimit
        func text(_ depth: Int) -> String {
            inBrackets
                ? String(repeating: "[", count: depth - 1) + "x" + String(repeating: "]", count: depth - 1)
                : (0..<depth - 1).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
                    + String(repeating: " ", count: depth) + "x"
        }
        #expect(try YAMLComposer.root(of: text(limit)) != nil)
        let problem = #expect(throws: YAMLProblem.self) { try YAMLComposer.root(of: text(limit + 1)) }
        #expect(problem?.message == "the text is nested too deeply")
        // Far beyond it as well, without taking long.
        #expect(throws: YAMLProblem.self) { try YAMLComposer.root(of: text(2000)) }
    }

    @Test(
        "a flat text whose aliases make a deep tree is refused",
        arguments: [
            String(repeating: "- &a [*a]\n", count: 30_000), String(repeating: "- &a {<<: *a}\n", count: 30_000),
            String(repeating: "- &a {b: *a}\n", count: 30_000), String(repeating: "- &a [[[*a]], b]\n", count: 30_000),
        ])
    func refusesDeepAliases(text: String) {
        let problem = #expect(throws: YAMLProblem.self) { try YAMLComposer.root(of: "- &a {b: c}\n" + text) }
        #expect(problem?.message == "the text is nested too deeply")
    }

    @Test("aliases are as deep as what they name")
    func allowsAliases() throws {
        let levels = YAMLComposer.depthLimit - 3
        let text = "- &a x\n" + String(repeating: "- &a [*a]\n", count: levels) + "- [*a]\n"
        #expect(try YAMLComposer.root(of: text) != nil)
        #expect(throws: YAMLProblem.self) { try YAMLComposer.root(of: text + "- [[*a]]\n") }
    }

    @Test("what is no tree of one document is said where it stands")
    func problems() throws {
        #expect(try YAMLComposer.root(of: "# nothing\n") == nil)
        let cases: [(text: String, message: String, line: Int, column: Int)] = [
            ("{a: b}\n--- {c: d}\n", "a second document starts here without a line of three dashes", 2, 5),
            ("a: 1\nb: 2\nb: 3\na: 4\n", "the keys \"b\", \"a\" are given more than once in this mapping", 3, 1),
            ("yes: 1\nb: 2\ntrue: 3\n", "the key \"true\" is given more than once in this mapping", 3, 1),
            ("a: {1: b, \"1\": c}\n", "the key \"1\" is given more than once in this mapping", 1, 11),
            ("? [a]\n: b\n", "a key must be a text", 1, 3),
            ("a: *b\n", "the alias names an anchor that is not defined before it", 1, 4),
            ("a: 'b\n", "the quote that opens this text is never closed", 1, 4),
            ("a: b\n\u{1}c: d\n", "the text holds a control character, which YAML does not allow", 2, 1),
            ("a: b\nö: \u{80}\n# c\n", "the text holds a control character, which YAML does not allow", 2, 4),
            ("a: \u{FFFF}\n# c\n", "the text holds a control character, which YAML does not allow", 1, 4),
        ]
        for each in cases {
            let problem = #expect(throws: YAMLProblem.self) { try YAMLComposer.root(of: each.text) }
            #expect(problem?.message == each.message)
            #expect(problem?.line == each.line && problem?.column == each.column, "\(each.text)")
        }
    }
}
