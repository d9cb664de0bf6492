// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import Testing

struct SourceMapTests {
    private static let yaml = """
        # two documents
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Service
          metadata:
            name: web
          spec:
            selector: {"app.kubernetes.io/name": "größe"}
            ports:
            - name: http
              port: 80

        """
    private static let json = """
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
        {
          "apiVersion": "v1", "kind": "List", "items": [
            {
              "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"},
              "spec": {"ports": [{"name": "a \\"b\\" [", "port": 80}, {"port": 81}]}
            }
          ]
        }
        """

    @Test("what follows JSON on its line has the columns of that line, however much stands before it")
    func behindJSON() throws {
        let object = #"{"apiVersion":"v1","kind":"Service","metadata":{"name":"größe"},"spec":{}}"#
        let found = try read(object + " // x").diagnostics.filter { $0.severity == .error }
        let manifests = try read(object + " // x")
        let places = found.map { $0.location ?? $0.origin.flatMap { manifests.sources.locate($0, FieldPath()) } }
        #expect(places.map { $0?.column } == [76], "\(found)")
        // More than one worker reads.
        let many = String(repeating: object + " ", count: 4000)
        let last = try read(many + "{a: [b}")
        #expect(last.diagnostics.compactMap(\.location?.column).max() == 4000 * 75 + 7, "\(last.diagnostics)")
    }

    @Test(
        "a field of a YAML document is found, or the deepest part of its path that exists",
        arguments: [
            (FieldPath("spec", "ports")[0]["port"], 18, 13),
            (FieldPath("spec", "ports")[0]["nodePort"], 17, 7),
            (FieldPath("spec", "ports")[1], 17, 5),
            (FieldPath("spec", "selector", "app.kubernetes.io/name"), 15, 42),
            (FieldPath("status"), 10, 3),
            (FieldPath(), 10, 3),
        ])
    func findsYAML(field: FieldPath, line: Int, column: Int) throws {
        let manifests = try read(Self.yaml)
        let service = try #require(manifests.objects.services.first)
        let location = try #require(manifests.sources.locate(service.meta.origin, field))
        #expect((location.line, location.column) == (line, column))
    }

    @Test("a merged field is found where it counts", arguments: [("port", 4, 20), ("name", 9, 11)])
    func findsMerged(field: String, line: Int, column: Int) throws {
        let manifests = try read(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            x: &x {x: 1, port: 81}
            spec:
              ports:
              - port: 80
                <<: *x
                name: web

            """)
        let service = try #require(manifests.objects.services.first)
        let location = manifests.sources.locate(service.meta.origin, FieldPath("spec", "ports")[0][field])
        #expect(location?.line == line && location?.column == column)
    }

    @Test(
        "a field of a JSON document is found, or the deepest part of its path that exists",
        arguments: [
            (FieldPath("spec", "ports")[0]["port"], 6, 56),
            (FieldPath("spec", "ports")[1]["port"], 6, 70),
            (FieldPath("spec", "ports")[1]["name"], 6, 61),
            (FieldPath("status"), 4, 5),
            (FieldPath("metadata", "name"), 5, 67),
        ])
    func findsJSON(field: FieldPath, line: Int, column: Int) throws {
        let manifests = try read(Self.json)
        let service = try #require(manifests.objects.services.first)
        let location = try #require(manifests.sources.locate(service.meta.origin, field))
        #expect((location.line, location.column) == (line, column))
        #expect(manifests.sources.locate(Origin(file: "other"), field) == nil)
    }
}
