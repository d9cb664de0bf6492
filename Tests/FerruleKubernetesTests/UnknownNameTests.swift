// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import Testing

@testable import FerruleKubernetes

/// What is said of fields, kinds and versions that the API does not have.
struct UnknownNameTests {
    @Test(
        "two letters off are a slip of the pen, in whatever case",
        arguments: [
            ("nodeport", "nodePort", 0), ("protocal", "protocol", 1), ("selctor", "selector", 1),
            ("loadbalancersourcerange", "loadBalancerSourceRanges", 1), ("tpye", "type", 1), ("prto", "port", 2),
            ("externalTraficPolciy", "externalTrafficPolicy", 2), ("", "a", 1), ("ips", "ip", 1), ("port", "port", 0),
        ])
    func near(one: String, other: String, distance: Int) {
        #expect(LetterDistance.between(one, other) == distance)
        #expect(LetterDistance.between(other, one) == distance)
    }

    @Test(
        "everything else is another name",
        arguments: [
            ("node", "zone"), ("node", "nodeName"), ("host", "port"), ("ip", "id2"), ("pod", "job"), ("", "port"),
            ("annotations", "labels"), ("hostname", "hostNetwork"),
        ])
    func far(one: String, other: String) { #expect(LetterDistance.between(one, other) == nil) }

    @Test("names may be of any length")
    func longNames() {
        // A table of all distances between their beginnings would take hours.
        let long = String(repeating: "x", count: 100_000)
        let cases: [(String, String, Int?)] = [
            (long + "abc", long + "acb", 1), (long + "a" + long, long + long, 1), ("ab" + long, long + "y", nil),
            (long + "abc", long + "xyz", nil), ("a" + long + "bc", "a" + long + "cd", 2), (long, long + long, nil),
        ]
        for (one, other, distance) in cases { #expect(LetterDistance.between(one, other) == distance) }
    }

    @Test("among a crowd of names none is the nearest")
    func crowds() {
        let names = (0..<1000).map { "name-\($0)" }
        #expect(LetterDistance.nearest(to: "nam-7", among: names) == "name-7")
        #expect(LetterDistance.nearest(to: "nam-7", among: names + ["other"]) == nil)
    }

    private func finding(meant: [String], isStored: Bool, isStrict: Bool) -> String? {
        UnknownName(
            origin: Origin(file: "-"), object: "Service a/b", field: FieldPath("spec"), finding: "no such field",
            meant: meant, hint: nil, isStored: isStored
        ).diagnostic(isStrict: isStrict).map { "\($0.severity.rawValue): \($0.message)" }
    }

    @Test(
        "a near name is an error in a manifest and a warning in a stored object; an unknown one a warning, or nothing")
    func severities() {
        #expect(
            finding(meant: ["x", "y"], isStored: false, isStrict: false) == "error: no such field; did you mean x or y?"
        )
        #expect(
            finding(meant: ["x"], isStored: true, isStrict: false)
                == "warning: no such field, and it is ignored; did you mean x?")
        #expect(finding(meant: [], isStored: false, isStrict: false) == "warning: no such field, and it is ignored")
        #expect(finding(meant: [], isStored: true, isStrict: false) == nil)
    }

    @Test("--strict makes all of them errors")
    func strict() {
        for isStored in [false, true] {
            #expect(
                finding(meant: ["x"], isStored: isStored, isStrict: true) == "error: no such field; did you mean x?")
            #expect(finding(meant: [], isStored: isStored, isStrict: true) == "error: no such field")
        }
    }

    private func meant(_ kind: String, _ apiVersion: String) -> [String]? {
        let type = ObjectType(apiVersion: apiVersion, kind: kind)
        return UnknownKind(type, read: ObjectKind.ofServices)?.unknownName(
            in: kind, origin: Origin(file: "-"), isStored: false
        ).meant
    }

    @Test(
        "a kind or version that is nearly one that is read is meant as that",
        arguments: [
            ("service", "v1", "Service"), ("Servce", "v1", "Service"), ("SERVICE", "v1", "Service"),
            ("Service", "v2", "v1"), ("Service", "core/v1", "v1"), ("Service", "apps/v1", "v1"),
            ("Service", "V1", "v1"),
            ("Service", "v1beta3", "v1"), ("Endpoint", "v1", "Endpoints"), ("ServiceLst", "v1", "ServiceList"),
            ("list", "v1", "List"), ("EndpointSlices", "discovery.k8s.io/v1", "EndpointSlice"),
            ("EndpointSlice", "discovery.k8s.io/v1beta1", "discovery.k8s.io/v1"),
            ("EndpointSlice", "discovery.k8s.io/v2", "discovery.k8s.io/v1"),
            ("EndpointSlice", "v1", "discovery.k8s.io/v1"), ("Deployment", "v1", "apps/v1"),
            ("deployment", "apps/v1", "Deployment"), ("Deployments", "app/v1", "Deployment in apps/v1"),
            ("service", "v2", "Service in v1"), ("Node", "V1", "v1"),
            ("kubeProxyConfiguration", "kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration"),
            ("KubeProxyConfiguration", "kubeproxy.config.k8s.io/v1", "kubeproxy.config.k8s.io/v1alpha1"),
        ])
    func nearKinds(kind: String, apiVersion: String, expected: String) {
        #expect(meant(kind, apiVersion) == [expected])
    }

    @Test(
        "kinds that the API has, or that somebody may have added to it, are not unknown",
        arguments: [
            ("Job", "batch/v1"), ("Role", "rbac.authorization.k8s.io/v1"), ("ConfigMap", "v1"), ("ConfigMapList", "v1"),
            ("Service", "serving.knative.dev/v1"), ("Endpoint", "example.com/v1"), ("Config", "v1"), ("List", "v1"),
            ("Ingress", "networking.k8s.io/v1"), ("NetworkPolicy", "networking.k8s.io/v1"), ("ServiceAccount", "v1"),
            ("PodTemplate", "v1"), ("ControllerRevision", "apps/v1"), ("Status", "v1"),
        ])
    func knownKinds(kind: String, apiVersion: String) { #expect(meant(kind, apiVersion) == nil) }

    @Test(
        "kinds that the API never had, or has no more, are unknown",
        arguments: [
            ("Flower", "v1"), ("Deployment", "extensions/v1beta1"), ("StatefulSet", "apps/v1beta1"),
            ("DaemonSet", "apps/v1beta2"), ("Role", "v1"), ("DeploymentConfig", "apps/v1"),
        ])
    func unknownKinds(kind: String, apiVersion: String) { #expect(meant(kind, apiVersion) == []) }

    @Test("every kind that is read is known, with all its versions and its list")
    func readKinds() {
        for kind in ObjectKind.allCases {
            for version in kind.apiVersions {
                #expect(ObjectKind(ObjectType(apiVersion: version, kind: kind.rawValue)) == kind)
                #expect(meant(kind.rawValue, version) == nil)
                #expect(meant(kind.rawValue + "List", version) == nil)
            }
        }
    }
}
