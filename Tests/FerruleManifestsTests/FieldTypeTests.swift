// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import Testing

/// A field of the wrong type is reported, and hides no other field.
struct FieldTypeTests {
    private static let yaml = """
        apiVersion: v1
        kind: Service
        metadata:
          name: web
          namespace: shop
          labels: {app: 1, tier: front}
        spec:
          clusterIP: 10
          selector: web
          externalIPs: [192.0.2.1, 5, {}]
          publishNotReadyAddresses: "no"
          sessionAffinityConfig: [x]
          ports:
          - name: http
            port: "80"
            targetPort: 80.5
          - 443
          healthCheckNodePort: 99999999999999999999999
          type: null
        """

    @Test("every field of the wrong type is named, with what was found and what would be right")
    func reportsEachField() throws {
        let found = try read(Self.yaml).diagnostics.map { "\($0.object ?? ""): \($0.field): \($0.message)" }
        let expected = [
            "metadata.labels.app: 1 is not a string",
            "spec.clusterIP: 10 is not a string",
            "spec.ports[0].port: \"80\" is not a whole number",
            "spec.ports[0].targetPort: 80.5 is not a whole number or a name",
            "spec.ports[1]: 443 is not an object",
            "spec.selector: \"web\" is not an object",
            "spec.externalIPs[1]: 5 is not a string",
            "spec.externalIPs[2]: an object is not a string",
            "spec.sessionAffinityConfig: a list is not an object",
            "spec.publishNotReadyAddresses: \"no\" is not true or false",
            "spec.healthCheckNodePort: 99999999999999999999999 is not a whole number of -2^63 to 2^63-1",
        ]
        #expect(found == expected.map { "Service shop/web: " + $0 })
    }

    @Test(
        "a value that JSON has and nothing can hold is not called something else",
        arguments: ["1e400", #""\ud800""#, "01", #""\q""#])
    func unrepresentable(value: String) throws {
        let text = #"{"apiVersion": "v1", "kind": "Service", "spec": {"clusterIP": \#(value)}}"#
        #expect(
            try read(text).diagnostics.map { "\($0.field): \($0.message)" } == [
                "spec.clusterIP: the value is no JSON, or no number or text that can be represented"
            ])
    }

    @Test("a value of null in a mapping of strings is the empty text, as for an API server")
    func nullText() throws {
        let text = """
            apiVersion: v1
            kind: Service
            metadata: {name: web, labels: {version: , app: web}, annotations: {note: null}}
            spec: {selector: {app: web, track: null}, ports: [{port: 80}]}
            """
        let found = try read(text)
        #expect(found.diagnostics.isEmpty)
        let service = try #require(found.objects.services.first)
        #expect(service.meta.labels == ["version": "", "app": "web"])
        #expect(service.spec.selector == ["app": "web", "track": ""])
    }

    @Test("what could be decoded is kept, and validation says nothing twice")
    func keepsTheRest() throws {
        let objects = try read(Self.yaml).objects
        let service = try #require(objects.services.first)
        #expect(service.meta.labels == ["tier": "front"])
        #expect(service.spec.externalIPs == ["192.0.2.1"])
        #expect(service.spec.ports.map(\.name) == ["http"])
        #expect(ClusterValidator.validate(objects) == [])
    }

    @Test("one wrong endpoint hides no other")
    func keepsEndpoints() throws {
        let manifests = try read(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-abc}
            addressType: IPv4
            endpoints:
            - addresses: [10.0.0.1]
              conditions: {ready: "true"}
            - none
            - addresses: [10.0.0.2]
            """)
        #expect(
            manifests.diagnostics.map { "\($0.field): \($0.message)" } == [
                "endpoints[0].conditions.ready: \"true\" is not true or false",
                "endpoints[1]: \"none\" is not an object",
            ])
        #expect(manifests.objects.endpointSlices.first?.endpoints.map(\.addresses) == [["10.0.0.1"], ["10.0.0.2"]])
    }
}
