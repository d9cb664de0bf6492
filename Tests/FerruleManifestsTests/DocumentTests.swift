// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FoundationEssentials
import Testing

@testable import FerruleManifests

/// What makes up the documents of an input, and what is said of those that cannot be read.
struct DocumentTests {
    private func service(_ name: String) -> String {
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: \(name)\nspec:\n  ports:\n  - port: 80\n"
    }

    private func namespace(_ name: String) -> String {
        #"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "\#(name)"}}"#
    }

    @Test("documents are separated by dashes; empty ones are passed over")
    func separatesDocuments() throws {
        let text =
            "# head\n---\n" + service("a") + "---\n---\n# nothing\n--- # more\n" + service("b")
            + "...\n%YAML 1.1\n---\n" + service("c")
        let manifests = try read(text)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.services.map(\.meta.origin.document) == [0, 1, 2])
    }

    @Test("lines may end as on Windows, and the text may start with a byte order mark")
    func readsWindowsText() throws {
        let text = "\u{FEFF}" + (service("a") + "---\n" + service("b")).replacingOccurrences("\n", with: "\r\n")
        let manifests = try read(text)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.services.count == 2)
    }

    @Test("several JSON objects may follow each other")
    func readsJSONStream() throws {
        let manifests = try read(namespace("a") + "\n" + namespace("b") + " # c\n" + namespace("d"))
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.namespaces.map(\.meta.origin.document) == [0, 1, 2])
    }

    @Test("documents of JSON and YAML may follow each other, also YAML in braces")
    func mixesForms() throws {
        let text =
            namespace("a") + "\n---\n" + namespace("b") + namespace("c") + "\n---\n{apiVersion: v1, kind: Namespace,\n"
            + " metadata: {name: d,}} # e\n---\n# f\n" + namespace("g") + "\n...\n" + service("h") + "--- "
            + namespace("i")
        let manifests = try read(text)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.namespaces.map(\.meta.name) == ["a", "b", "c", "d", "g", "i"])
        #expect(manifests.objects.namespaces.map(\.meta.origin.document) == [0, 1, 2, 3, 4, 6])
        let lines = manifests.objects.namespaces.map {
            manifests.sources.locate($0.meta.origin, FieldPath("metadata"))?.line
        }
        #expect(lines == [1, 3, 3, 6, 9, 18])
    }

    @Test("a byte order mark at the start of a line is none of the text")
    func passesByteOrderMarks() throws {
        let mark = "\u{FEFF}"
        for text in [
            mark + service("a") + "---\n" + mark + service("b"), service("a") + mark + "---\n" + service("b"),
            mark + namespace("a") + "\n" + mark + namespace("b"),
            mark + "---\n" + mark + service("a") + mark + "---\n" + service("b"),
        ] {
            let manifests = try read(text)
            #expect(manifests.diagnostics == [])
            #expect(
                (manifests.objects.services.map(\.meta.name) + manifests.objects.namespaces.map(\.meta.name)) == [
                    "a", "b",
                ])
        }
    }

    @Test("an object that stands there twice is one; two that differ are an error")
    func joinsEqualObjects() throws {
        #expect(try printed(service("a") + "---\n" + service("a")) == "")
        let other = service("a").replacing("80", with: "81")
        #expect(
            try printed(service("a") + "---\n" + other)
                == """
                <stdin>:12:9: error: Service default/a: metadata.name: "a" is defined twice, and not alike; the first is in \
                <stdin>, document 1
                    name: a
                          ^
                hint: remove one of the two

                """)
        let manifests = try read(service("a") + "---\n" + service("b") + "---\n" + other)
        #expect(manifests.objects.services.map(\.spec.ports.first?.port) == [80, 80])
    }

    @Test("one page of a list is refused, wherever it says so", arguments: [10, 5000])
    func refusesPages(count: Int) throws {
        let page = #""metadata": {"continue": "x", "remainingItemCount": 7}"#
        let items = (0..<count).map { namespace("n\($0)" + String(repeating: "x", count: 200)) }.joined(separator: ",")
        for text in [
            "{\"apiVersion\": \"v1\", \"kind\": \"NamespaceList\", \(page), \"items\": [\(items)]}",
            "{\"apiVersion\": \"v1\", \"kind\": \"NamespaceList\", \"items\": [\(items)], \(page)}",
        ] {
            let found = try read(text).diagnostics.map { "\($0.severity) \($0.field): \($0.message)" }
            #expect(
                found == ["error metadata.continue: this list is one page of several, and 7 more objects follow it"])
        }
        #expect(try read(#"{"apiVersion": "v1", "kind": "List", "metadata": {"continue": ""}}"#).diagnostics == [])
    }

    @Test("items of a typed list take their kind from the list")
    func readsTypedLists() throws {
        let text =
            #"{"apiVersion": "v1", "kind": "ServiceList", "items": [{"metadata": {"name": "a"}}, {"kind": "Pod"}]}"#
        let manifests = try read(text)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.services.map(\.meta.displayName) == ["default/a"])
        #expect(manifests.objects.pods.count == 1)
    }

    @Test("a kind of another API is another kind")
    func skipsForeignKinds() throws {
        let manifests = try read(
            "apiVersion: serving.knative.dev/v1\nkind: Service\n---\napiVersion: v1\nkind: Secret\n")
        #expect(manifests.diagnostics == [])
        #expect(manifests.skippedKinds.map(\.description) == ["Secret 1", "Service (serving.knative.dev/v1) 1"])
    }

    @Test(
        "a text that cannot be read is told by line and column",
        arguments: [
            ("", "<stdin>: error: the file is empty\n"),
            (" \n# x\n", "<stdin>: error: the file holds no Kubernetes object\n"),
            ("a\0b\0", "<stdin>: error: the text is UTF-16, but must be UTF-8\n"),
            ("a\0\0\0b\0\0\0", "<stdin>: error: the text is UTF-32, but must be UTF-8\n"),
            (
                "a:\n\tb: c\n",
                "<stdin>:2:1: error: no value can start with this character; indent with blanks, not tabs, and put special "
                    + "text in quotes\n     b: c\n    ^\n"
            ),
            (
                "a: \"b\nc: d\n",
                "<stdin>:1:4: error: the quote that opens this text is never closed\n    a: \"b\n       ^\n"
            ),
            (
                "# x\n---\na: 1\na: 2\n",
                "<stdin>:4:1: error: the key \"a\" is given more than once in this mapping; first on line 3\n    a: 2\n    ^\n"
            ),
            ("a: [1\n", "<stdin>:2:1: error: a \",\" or \"]\" is missing\n"),
            (
                "{\"a\": 1 \"b\": 2}",
                "<stdin>:1:9: error: a string stands where \",\" or \"}\" should be\n    {\"a\": 1 \"b\": 2}\n            ^\n"
            ),
            (
                "{\"a\": [",
                "<stdin>:1:8: error: the text ends where a value should follow\n    {\"a\": [\n           ^\n"
            ),
            ("[]", "<stdin>:1:1: error: a list is not a Kubernetes object\n    []\n    ^\n"),
            (
                "kind: Service",
                "<stdin>:1:1: error: Service: apiVersion is missing: this is not a Kubernetes object\n"
                    + "    kind: Service\n    ^\n"
            ),
        ])
    func words(text: String, expected: String) throws {
        #expect(try printed(text) == expected)
    }

    @Test("a text that is compressed is not taken for one in another encoding")
    func compressed() {
        #expect(TextFormat(of: Data([0x1f, 0x8b, 0x08, 0x00])) == .foreign(encoding: "compressed by gzip"))
    }

    @Test("a missing file is no matter of its content")
    func reportsMissingFiles() throws {
        do {
            _ = try ManifestReader(standardInput: { Data() }).read(["/nonexistent/a.yaml", "/nonexistent/b.yaml"])
            Issue.record("the files do not exist")
        } catch ManifestError.unreadable(let diagnostics) {
            #expect(diagnostics.map(\.message) == Array(repeating: "there is no such file or directory", count: 2))
            #expect(diagnostics.map(\.origin?.file) == ["/nonexistent/a.yaml", "/nonexistent/b.yaml"])
        }
    }

    @Test("a text that grows without end by its aliases is refused")
    func refusesAliasBombs() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let alias = "*a\(level - 1)"
            text += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
        }
        #expect(try read(text).diagnostics.map(\.message) == ["the aliases repeat too much text"])
    }

    @Test("lists stand in lists, and not without end")
    func refusesDeepLists() throws {
        func text(_ depth: Int) -> String {
            String(repeating: #"{"apiVersion":"v1","kind":"List","items":["#, count: depth) + namespace("a")
                + String(repeating: "]}", count: depth)
        }
        let limit = KubernetesDocument.listDepthLimit
        #expect(try read(text(limit)).objects.namespaces.count == 1)
        #expect(try read(text(limit)).diagnostics == [])
        let refused = try read(text(limit + 1))
        #expect(refused.diagnostics.map(\.message) == ["more than 10 lists stand in one another here"])
        #expect(refused.diagnostics.first?.origin?.path.steps.count == 2 * limit)
    }

    @Test("a text that is nested without end is refused", arguments: ["[", "{\"a\":", "- [", "- "])
    func refusesDeepNesting(opening: String) throws {
        let text = "x: " + String(repeating: "[", count: 300_000)
        #expect(try read(text).diagnostics.count == 1)
        #expect(try read(String(repeating: opening, count: 300_000)).diagnostics.count == 1)
    }
}

extension String {
    /// The text with one part in place of another.
    fileprivate func replacingOccurrences(_ part: Character, with other: String) -> String {
        split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }
}
