// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import FerruleTestSupport
import Foundation
import Testing

struct ManifestFilesTests {
    /// Calls a body with a new folder that holds these files, and removes it.
    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        for (path, text) in files { try folder.write(text, to: path) }
        try body(folder.url.path)
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
            #expect(manifests.diagnostics == [])
            #expect(manifests.passedOver.withoutObjects == [folder + "/d.yaml"])
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

    @Test("what other programs read is passed over, and so are templates")
    func passesOver() throws {
        let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n"
        let files = [
            "app/kustomization.yaml": "metadata: {name: kind}\napiVersion: kustomize.config.k8s.io/v1beta1\n",
            "app/components.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n",
            "chart/Chart.yaml": "apiVersion: v2\nname: web\ntype: application # of this kind\n",
            "chart/values.yaml": "kind: Deployment # and its apiVersion\nimage: web\n",
            "chart/values-web.yaml": "kind: Service\nweb:\n  metadata: {}\n  spec: {}\n",
            "chart/templates/service.yaml": service.replacing("web", with: "{{ .Values.name }}"),
            "chart/templates/quoted.yaml": service.replacing("web", with: "\"{{ .Values.name }}\""),
            "chart/templates/port.yaml": service.replacing("80", with: "\"{{ .Values.port }}\""),
            "chart/templates/if.yaml": "{{- if .Values.web }}\n\(service){{- end }}\n",
            "app/delete.yaml": "$patch: delete\n" + service, "package.json": "{\"name\": \"web\"}",
            "tsconfig.json": "{ /* comments */ }", "ci.yml": "jobs: [a\n",
            "patch.yaml": "- op: replace\n  path: /kind/apiVersion\n  value: 1\n", "empty.yaml": "",
            "rules.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: '{{ $labels.x }}'}\n---\n"
                + service,
        ]
        try withFolder(files) { folder in
            let manifests = try ManifestReader(standardInput: { Data() }).read([folder])
            #expect(manifests.diagnostics == [])
            #expect(manifests.objects.services.map(\.meta.origin.file) == [folder + "/rules.yaml"])
            let templates = ["if", "port", "quoted", "service"].map { "\(folder)/chart/templates/\($0).yaml" }
            #expect(manifests.passedOver.templates == templates)
            let others = [
                "app/components.yaml", "app/delete.yaml", "app/kustomization.yaml", "chart/Chart.yaml",
                "chart/values-web.yaml", "chart/values.yaml", "ci.yml", "empty.yaml", "package.json", "patch.yaml",
                "tsconfig.json",
            ]
            #expect(manifests.passedOver.withoutObjects == others.map { folder + "/" + $0 })
        }
    }

    @Test(
        "a document that cannot be read is a template if that is because of its braces",
        arguments: [
            ("{{- /*\nCopyright: of: it\n*/}}\n\(head)", true), ("{{/*\nCopyright\n*/}}\n\(head)", true),
            ("{{- /*\n\(head)  {{- if .Values.ip }}\n*/ -}}\n", true),
            ("\(head)  {{- if .Values.ip }}\n  clusterIP: None\n  {{- end }}\n", true),
            ("\(head)  externalName: {{ .a }}{{ .b }}\n", true), ("\(head)  externalName: '{{ quote 'a' }}'\n", true),
            ("\(head)  {{- with .Values.ports }}\n  ports:\n    {{- toYaml . | nindent 4 }}\n  {{- end }}\n", true),
            ("{{ if .Values.web }}\n\(head)  type: ClusterIP\n{{ end }}\n---\n\(broken)", true),
            ("{\"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": {\"name\": {{ .name }}}}", true),
            ("# {{ x }}\n\(broken)", false), ("\(broken)# {{ x }}\n", false), ("\(broken){{ x }}\n", false),
            ("\(map)  a: '{{ $labels.x }}'\n---\n\(broken)", false), ("\(map)  a: a {{ b }}\n---\n\(broken)", false),
            ("\(map)  a: |\n    {{ range . }}\n      b\n    {{ end }}\n    c\n b\n", false),
            ("\(map)  a: '{{'\n  b: c\n   d: e\n  f: '}}'\n", false), ("\(map)  a: {{\n", false),
            ("\(map)  '{{ x }}': a\n  '{{ x }}': b\n", false),
            ("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"data\": {\"a\": \"{{ x }}\", \"b\" 1}}", false),
        ])
    func tellsTemplates(text: String, isTemplate: Bool) throws {
        try withFolder(["a.yaml": namespace("a"), "b.yaml": text]) { folder in
            let manifests = try ManifestReader(standardInput: { Data() }).read([folder])
            #expect(manifests.passedOver.templates == (isTemplate ? [folder + "/b.yaml"] : []))
            #expect(manifests.diagnostics.map(\.severity) == (isTemplate ? [] : [.error]))
        }
    }

    private static let head = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n"
    private static let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n"
    private static let broken = head + "  clusterIP: None\n   ports: []\n"

    @Test("a link that leads to nothing is an error, unless it is excluded; one to a directory is left out")
    func brokenLinks() throws {
        try withFolder(["a.yaml": namespace("a")]) { folder in
            let links = ["b.yaml": "nowhere", "c.yml": "c.yml", "d.json": folder, "e.txt": "nowhere"]
            for (name, target) in links {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name)", withDestinationPath: target)
            }
            var reader = ManifestReader(standardInput: { Data() })
            let messages = [
                "this is a link to \"nowhere\", which cannot be read: it does not exist",
                "this is a link to \"c.yml\", which cannot be read: its links lead in a circle",
            ]
            for paths in [[folder], ["\(folder)/b.yaml", "\(folder)/c.yml"]] {
                do {
                    _ = try reader.read(paths)
                    Issue.record("the links lead to nothing")
                } catch ManifestError.unreadable(let diagnostics) {
                    #expect(diagnostics.map(\.message) == messages)
                    #expect(diagnostics.map(\.origin?.file) == ["\(folder)/b.yaml", "\(folder)/c.yml"])
                }
            }
            reader.excluded = [FilePattern("b.yaml"), FilePattern("c.yml")]
            #expect(try reader.read([folder]).objects.namespaces.count == 1)
        }
    }

    @Test("what looks like an object is not passed over, however damaged")
    func reportsDamage() throws {
        let files = [
            "a.yaml": "apiVersion: v1\nkind: [Service\n", "b.yaml": "kind: Service\nmetadata: {name: apiVersion}\n",
            "c.yaml": "apiVersion: 1\nkind: Service\n", "d.yaml": "apiVersion: v1\nmetadata: {name: a}\nspec: {}\n",
            "e.json": "{\"kind\": \"Service\", \"metadata\": {}, \"spec\": {}}",
        ]
        try withFolder(files) { folder in
            let manifests = try ManifestReader(standardInput: { Data() }).read([folder])
            #expect(
                manifests.diagnostics.map(\.origin?.file)
                    == ["a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.json"].map { "\(folder)/\($0)" })
        }
    }

    @Test(
        "a file that is named itself holds objects", arguments: ["values.yaml", "service.yaml", "kustomization.yaml"])
    func refusesNamed(file: String) throws {
        let files = [
            "values.yaml": "image: web\n", "service.yaml": "kind: Service\nmetadata: {name: {{ .Values.name }}}\n",
            "kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
        ]
        try withFolder(files) { folder in
            let manifests = try ManifestReader(standardInput: { Data() }).read(["\(folder)/\(file)"])
            #expect(manifests.diagnostics.map(\.severity) == [.error])
        }
    }

    @Test("a directory of which every file is passed over is refused")
    func refusesForeignDirectories() throws {
        try withFolder(["Chart.yaml": "apiVersion: v2\n"]) { folder in
            let manifests = try ManifestReader(standardInput: { Data() }).read([folder, folder + "/"])
            #expect(
                Set(manifests.diagnostics.map(\.message)) == ["no file in this directory holds a Kubernetes object"])
        }
    }

    @Test("files and folders are left out by patterns")
    func excludes() throws {
        let files = ["a/b.yaml", "a/c/d.yaml", "b.yaml", "c/d.yaml", "e-test.yaml"]
        let names = ["a-b", "a-c-d", "b", "c-d", "e-test"]
        let texts = zip(files, names).map { ($0, namespace($1)) }
        let cases: [(String, [String])] = [
            ("b.yaml", ["a-c-d", "c-d", "e-test"]), ("c", ["a-b", "b", "e-test"]), ("c/", ["a-b", "b", "e-test"]),
            ("/c", ["a-b", "a-c-d", "b", "e-test"]), ("/b.yaml", ["a-b", "a-c-d", "c-d", "e-test"]),
            ("/c/", ["a-b", "a-c-d", "b", "e-test"]), ("a/c", ["a-b", "b", "c-d", "e-test"]),
            ("*-test.yaml", ["a-b", "a-c-d", "b", "c-d"]),
            ("**/d.yaml", ["a-b", "b", "e-test"]), ("a/**", ["b", "c-d", "e-test"]), ("x", names),
        ]
        try withFolder(Dictionary(uniqueKeysWithValues: texts)) { folder in
            for (pattern, expected) in cases {
                var reader = ManifestReader(standardInput: { Data() })
                reader.excluded = [FilePattern(pattern)]
                let found = try reader.read([folder]).objects.namespaces.map(\.meta.name)
                #expect(found == expected, "\(pattern)")
            }
        }
    }

    @Test("above what a link names is where the kernel says")
    func followsLinks() throws {
        let files = ["x.yaml": namespace("outer"), "a/x.yaml": namespace("inner"), "a/b/y.yaml": namespace("y")]
        try withFolder(files) { folder in
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "a/b")
            let manifests = try ManifestReader(standardInput: { Data() }).read([folder + "/link/../x.yaml"])
            #expect(manifests.objects.namespaces.map(\.meta.name) == ["inner"])
        }
    }

    @Test(
        "names that are not UTF-8 are refused, unless they are left out", arguments: ["", ".yaml", ".d"],
        [true, false])
    func refusesNames(ending: String, isDirectory: Bool) throws {
        try withFolder(["a.yaml": namespace("a")]) { folder in
            let path = (folder + "/bad").utf8.map(CChar.init) + [-1] + ending.utf8.map(CChar.init) + [0]
            #expect(unsafe (isDirectory ? mkdir(path, 0o700) : mknod(path, S_IFREG | 0o600, 0)) == 0)
            defer { _ = unsafe isDirectory ? rmdir(path) : unlink(path) }
            let found = #expect(throws: ManifestError.self) {
                try ManifestReader(standardInput: { Data() }).read([folder])
            }
            guard case .unreadable(let diagnostics)? = found else { return }
            #expect(
                diagnostics.map(\.message) == [
                    "this name is not UTF-8, and nothing is found by it; rename it, or leave it out"
                ])
            var reader = ManifestReader(standardInput: { Data() })
            reader.excluded = [FilePattern("bad*")]
            let manifests = try reader.read([folder])
            #expect(manifests.objects.namespaces.count == 1)
        }
    }

    @Test("a pipe in a directory is not waited for")
    func passesPipes() throws {
        try withFolder(["a.yaml": namespace("a")]) { folder in
            let status = unsafe mkfifo(folder + "/pipe.yaml", 0o600)
            #expect(status == 0)
            let manifests = try ManifestReader(standardInput: { Data() }).read([folder])
            #expect(manifests.objects.namespaces.count == 1)
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
        let folder = Project.url("golden/errors").path
        let cases = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(cases.count >= 30)
        for name in cases {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")
            // What is wrong with the others is wrong with their arguments.
            guard !files.contains("ferrule.args") else { continue }
            let input = files.filter { $0.hasPrefix("input.") }
            let manifests = try ManifestReader(standardInput: { Data() }).read(input.map { "\(folder)/\(name)/\($0)" })
            let found = manifests.diagnostics + ClusterValidator.validate(manifests.objects)
            #expect(!found.isEmpty || !manifests.unknownNames.isEmpty, "\(name)")
        }
    }
}
