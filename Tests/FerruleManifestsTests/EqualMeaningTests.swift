// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleManifests
import FerruleTestSupport
import FoundationEssentials
import Testing

/// YAML and JSON of one meaning give equal objects. The JSON of the shop cluster was made by PyYAML, not by Ferrule.
struct EqualMeaningTests {
    @Test("the shop cluster means the same in YAML and in JSON")
    func shopCluster() throws {
        let yaml = try read(
            String(decoding: Data(contentsOf: Project.url("Tests/Data/shop-cluster.yaml")), as: UTF8.self))
        let json = try read(
            String(decoding: Data(contentsOf: Project.url("Tests/Data/shop-cluster.json")), as: UTF8.self))
        #expect(json.diagnostics == [])
        #expect(yaml.objects == json.objects)
        #expect(yaml.skippedKinds == json.skippedKinds)
    }

    @Test(
        "a scalar means what the API server's YAML library makes of it",
        arguments: [
            ("80", "80"), ("0x50", "80"), ("0o120", "80"), ("0120", "80"), ("8_0", "80"), ("+80", "80"), ("8e1", "80"),
            ("\"80\"", "\"80\""), ("!!str 80", "\"80\""), ("yes", "true"), ("off", "false"), ("~", "null"),
            ("", "null"),
            ("12:30", "\"12:30\""), ("2026-11-23", "\"2026-11-23\""), ("1.2.3", "\"1.2.3\""),
            ("1.5", "1.5"), ("+.5", "0.5"), ("0x", "\"0x\""), (".inf", "\".inf\""),
            ("99999999999999999999999", "99999999999999999999999"), ("1e23", "1e+23"),
        ])
    func scalar(yaml: String, json: String) throws {
        let head = #""apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}"#
        let inYAML = try read("\(Self.yamlHead)spec:\n  ports:\n  - targetPort: \(yaml)\n")
        let inJSON = try read("{\(head), \"spec\": {\"ports\": [{\"targetPort\": \(json)}]}}")
        #expect(inYAML.objects == inJSON.objects)
        #expect(inYAML.diagnostics == inJSON.diagnostics)
    }

    private static let yamlHead = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"

    @Test("merge keys and anchors are resolved")
    func mergeKeys() throws {
        let manifests = try read(
            """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              labels: &labels {app: web, tier: front}
            spec:
              selector:
                <<: *labels
                tier: back
              ports:
              - port: 80
            """)
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.services.first?.spec.selector == ["app": "web", "tier": "back"])
    }

    @Test(
        "merged members count in their place, as kubectl has it",
        arguments: [
            ("{<<: *a, x: own}", ["x": "own", "v": "a"]), ("{x: own, <<: *a}", ["x": "a", "v": "a"]),
            ("{x: own, <<: *a, v: own}", ["x": "a", "v": "own"]),
            ("{<<: [*a, *b]}", ["x": "a", "v": "a", "z": "b"]), ("{<<: [*b, *a]}", ["x": "a", "v": "b", "z": "b"]),
            ("{z: own, <<: [*b, *a], v: own}", ["x": "a", "v": "own", "z": "b"]),
            ("{<<: {v: own, <<: *b}}", ["v": "b", "z": "b"]), ("{\"<<\": own}", ["<<": "own"]),
        ] as [(String, Labels)])
    func mergeOrder(mapping: String, expected: Labels) throws {
        let anchors = "x-a: &a {x: a, v: a}\nx-b: &b {v: b, z: b}\n"
        let manifests = try read("\(anchors)\(Self.yamlHead)spec: {selector: \(mapping), ports: [{port: 80}]}\n")
        #expect(manifests.diagnostics == [])
        #expect(manifests.objects.services.first?.spec.selector == expected)
    }
}
