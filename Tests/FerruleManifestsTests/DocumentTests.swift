// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import FoundationEssentials
import Testing

/// What makes up the documents of an input, and what is said of those that cannot be read.
struct DocumentTests {
    private let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n"

    @Test("documents are separated by dashes; empty ones are passed over")
    func separatesDocuments() throws {
        let text =
            "# head\n---\n" + service + "---\n---\n# nothing\n--- # more\n" + service + "...\n%YAML 1.1\n---\n"
            + service
        let manifests = try read(text)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.services.map(\.meta.origin.document) == [0, 1, 2])
    }

    @Test("lines may end as on Windows, and the text may start with a byte order mark")
    func readsWindowsText() throws {
        let text = "\u{FEFF}" + (service + "---\n" + service).replacingOccurrences("\n", with: "\r\n")
        let manifests = try read(text)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.services.count == 2)
    }

    @Test("several JSON objects may follow each other")
    func readsJSONStream() throws {
        let object = #"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}"#
        let manifests = try read(object + "\n" + object)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.namespaces.map(\.meta.origin.document) == [0, 1])
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
            ("a\0b", "<stdin>: error: the text is UTF-16, but must be UTF-8\n"),
            (
                "a: \"b\nc: d\n",
                "<stdin>:1:4: error: the quote that opens this text is never closed\n    a: \"b\n       ^\n"
            ),
            (
                "a: 1\na: 2\n",
                "<stdin>:1:1: error: the key \"a\" is given more than once in this mapping\n    a: 1\n    ^\n"
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
