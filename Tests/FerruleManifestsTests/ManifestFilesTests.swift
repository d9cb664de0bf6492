// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import Foundation
import Testing

struct ManifestFilesTests {
    /// Calls a body with a new folder that holds these files, and removes it.
    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "ferrule-\(UUID().uuidString)")
        for (path, text) in files {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func namespace(_ name: String) -> String { "apiVersion: v1\nkind: Namespace\nmetadata: {name: \(name)}\n" }

    @Test("a directory means all manifests below it, sorted, without hidden ones; no file is read twice")
    func readsDirectories() throws {
        let files = [
            "b.yaml": namespace("b"), "a/z.YML": namespace("a-z"),
            "c.json": "{\"apiVersion\": \"v1\", \"kind\": \"List\"}",
            "notes.txt": "x", "..data/b.yaml": namespace("hidden"), "d.yaml": "# nothing\n",
        ]
        try withFolder(files) { folder in
            let manifests = try ManifestReader(standardInput: { Data() }).read([folder + "/", folder + "/b.yaml"])
            #expect(manifests.objects.namespaces.map(\.meta.name) == ["a-z", "b"])
            let expected = Diagnostic(
                .warning, "the file holds no Kubernetes object", origin: Origin(file: folder + "/d.yaml"))
            #expect(manifests.diagnostics == [expected])
        }
    }

    @Test("a large file is read in parts, with the same lines in its diagnostics, and as many bytes")
    func readsLargeFiles() throws {
        let pad = String(repeating: "x", count: 2000)
        let items = (0..<1500).map {
            """
              {"apiVersion": "v1", "kind": "Namespace",
               "metadata": {"name": \($0 % 500 == 3 ? "1" : "\"n\($0)\""), "annotations": {"pad": "\(pad)"}}}
            """
        }
        let text =
            "\u{FEFF}{\"kind\": \"List\", \"apiVersion\": \"v1\", \"items\": [\n\(items.joined(separator: ",\n"))]}"
        let piped = try ManifestReader(standardInput: { Data((text + " {}").utf8) }).read(["-"])
        try withFolder(["large.json": text]) { folder in
            let manifests = try ManifestReader(standardInput: { Data() }).read([folder + "/large.json"])
            #expect(manifests.byteCount == text.utf8.count)
            #expect(manifests.objects.namespaces.count == 1500)
            let locations = manifests.diagnostics.map { diagnostic in
                diagnostic.origin.flatMap { manifests.sources.locate($0, diagnostic.field) }
            }
            #expect(locations.map { $0?.line } == [9, 1009, 2009])
            #expect(
                locations
                    == piped.diagnostics.dropLast().map { diagnostic in
                        diagnostic.origin.flatMap { piped.sources.locate($0, diagnostic.field) }
                    })
        }
    }

    @Test("a directory without manifests is refused")
    func refusesEmptyDirectories() throws {
        try withFolder(["notes.txt": "x"]) { folder in
            do {
                _ = try ManifestReader(standardInput: { Data() }).read([folder])
                Issue.record("there is nothing to read")
            } catch ManifestError.unreadable(let diagnostics) {
                #expect(diagnostics.map(\.message) == ["there is no .yaml, .yml or .json file in this directory"])
            }
        }
    }

    @Test("every input of golden/errors has something wrong with it")
    func goldenInputsAreWrong() throws {
        let folder = dataFolder + "/../../golden/errors"
        let cases = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(cases.count >= 30)
        for name in cases {
            let input = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)").filter {
                $0.hasPrefix("input.")
            }
            let manifests = try ManifestReader(standardInput: { Data() }).read(input.map { "\(folder)/\(name)/\($0)" })
            let found = manifests.diagnostics + ClusterValidator.validate(manifests.objects)
            #expect(!found.isEmpty || !manifests.unknownNames.isEmpty, "\(name)")
        }
    }
}
