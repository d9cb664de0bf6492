// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleKubernetes
import FerruleManifests
import Testing

private let label = "at most 63 lower-case letters, digits and \"-\", with a letter or digit at both ends"
private let subdomain =
    "at most 253 lower-case letters, digits, \"-\" and \".\", with a letter or digit at both ends and next to dots"
private let labelValue = "at most 63 letters, digits, \"-\", \"_\" and \".\", with a letter or digit at both ends"

/// Definitions as people write them, and what an API server would say, word for word.
struct ServerRule: Sendable, CustomTestStringConvertible {
    let text: String
    let expected: [String]

    init(_ text: String, _ expected: String...) { (self.text, self.expected) = (text, expected) }

    var testDescription: String { expected.first ?? text }

    static func service(_ spec: String, annotations: String = "{}", _ expected: String...) -> ServerRule {
        let text = """
            {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, annotations: \(annotations)},
            spec: {\(spec)}}
            """
        return ServerRule(text, expected)
    }

    static func slice(
        _ endpoint: String, port: String = "{port: 80}", metadata: String = "{name: web-1, namespace: shop}",
        type: String = "IPv4", _ expected: String...
    ) -> ServerRule {
        let text = """
            {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: \(metadata), addressType: \(type),
            endpoints: [{\(endpoint)}], ports: [\(port)]}
            """
        return ServerRule(text, expected)
    }

    static func endpoints(_ address: String, port: String = "{port: 80}", _ expected: String...) -> ServerRule {
        let text = """
            {apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop},
            subsets: [{addresses: [{ip: 10.0.0.1, \(address)}], ports: [\(port)]}]}
            """
        return ServerRule(text, expected)
    }

    static func ingress(_ spec: String, _ expected: String...) -> ServerRule {
        let text = """
            {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: web, namespace: shop}, spec: {\(spec)}}
            """
        return ServerRule(text, expected)
    }

    static func controller(_ name: String, _ expected: String...) -> ServerRule {
        let text = """
            {apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: web}, spec: {controller: "\(name)"}}
            """
        return ServerRule(text, expected)
    }

    private init(_ text: String, _ expected: [String]) { (self.text, self.expected) = (text, expected) }
}

extension ServerRule {
    private static let ranges = "service.beta.kubernetes.io/load-balancer-source-ranges"

    /// What a service has in its annotations, and the fields that are pointers to strings: empty is a value of theirs.
    static let ofServices: [ServerRule] = [
        service("type: '', sessionAffinity: '', externalTrafficPolicy: '', ports: [{port: 80, protocol: ''}]"),
        service(
            "ports: [{port: 80}], ipFamilyPolicy: ''",
            "error: spec.ipFamilyPolicy: \"\" is not one of SingleStack, PreferDualStack, RequireDualStack"),
        service(
            "ports: [{port: 80}], internalTrafficPolicy: ''",
            "error: spec.internalTrafficPolicy: \"\" is not one of Cluster, Local"),
        service(
            "ports: [{port: 80}], trafficDistribution: ''",
            "error: spec.trafficDistribution: \"\" is not one of PreferClose, PreferSameZone, PreferSameNode"),
        ServerRule(
            """
            {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, ports: [{port: 80}]},
            status: {loadBalancer: {ingress: [{ip: 192.0.2.1, ipMode: ""}, {ip: "", hostname: a.example.com}]}}}
            """,
            "error: status.loadBalancer.ingress[0].ipMode: \"\" is not one of VIP, Proxy"),
        service(
            "type: LoadBalancer, ports: [{port: 80}]", annotations: "{\(ranges): '10.0.0.0/8, 10.0.0.0/99,'}",
            "error: metadata.annotations[\(ranges)]: \"10.0.0.0/99\" is not an address range such as 10.0.0.0/8",
            "error: metadata.annotations[\(ranges)]: \"\" is not an address range such as 10.0.0.0/8"),
        service("type: LoadBalancer, ports: [{port: 80}]", annotations: "{\(ranges): ' '}"),
        service(
            "ports: [{port: 80}]", annotations: "{\(ranges): 10.0.0.0/8}",
            "error: metadata.annotations[\(ranges)]: may only be set when type is LoadBalancer"),
        // The field has ranges of its own.
        service(
            "type: LoadBalancer, ports: [{port: 80}], loadBalancerSourceRanges: [10.0.0.0/8]",
            annotations: "{\(ranges): x}"),
    ]

    static let ofEndpoints: [ServerRule] = [
        slice("addresses: [10.0.0.1], hostname: web-0, nodeName: a.example.com, zone: ''"),
        slice(
            "addresses: [10.0.0.1], hostname: Foo_bar.x",
            "error: endpoints[0].hostname: \"Foo_bar.x\" is not a valid name: \(label)"),
        slice(
            "addresses: [10.0.0.1], hostname: ''", "error: endpoints[0].hostname: \"\" is not a valid name: \(label)"),
        slice(
            "addresses: [10.0.0.1], nodeName: Node_A",
            "error: endpoints[0].nodeName: \"Node_A\" is not a valid name: \(subdomain)"),
        slice(
            "addresses: [10.0.0.1], nodeName: ''",
            "error: endpoints[0].nodeName: \"\" is not a valid name: \(subdomain)"),
        slice(
            "addresses: [10.0.0.1]", port: "{port: 80, name: '', protocol: ''}",
            "error: ports[0].protocol: \"\" is not one of TCP, UDP, SCTP"),
        slice("addresses: [10.0.0.1], hints: {forZones: [{name: A_b}, {}], forNodes: [{name: a}]}"),
        slice(
            "addresses: [10.0.0.1], hints: {forZones: [{name: a b}, {name: c}, {name: c}]}",
            "error: endpoints[0].hints.forZones[0].name: \"a b\" is not a valid name: \(labelValue)",
            "error: endpoints[0].hints.forZones[2].name: \"c\" is given twice"),
        slice(
            "addresses: [10.0.0.1], hints: {forNodes: [{name: Node_A}, {}, {name: b}, {name: b}]}",
            "error: endpoints[0].hints.forNodes[0].name: \"Node_A\" is not a valid name: \(subdomain)",
            "error: endpoints[0].hints.forNodes[1].name: missing; a hint for a node names it",
            "error: endpoints[0].hints.forNodes[3].name: \"b\" is given twice"),
        slice("addresses: [10.0.0.1], hints: {forZones: [\(names(8))], forNodes: [\(names(8))]}"),
        slice(
            "addresses: [10.0.0.1], hints: {forZones: [\(names(9))], forNodes: [\(names(9))]}",
            "error: endpoints[0].hints.forZones: 9 zones are more than a hint may name: 8",
            "error: endpoints[0].hints.forNodes: 9 nodes are more than a hint may name: 8"),
        slice("addresses: [a.example.com, b.example.com.]", type: "FQDN"),
        slice(
            "addresses: [localhost, a..example.com, A.example.com]", type: "FQDN",
            "error: endpoints[0].addresses[0]: \"localhost\" is not a domain name of several labels, as addressType has it",
            "error: endpoints[0].addresses[1]: \"a..example.com\" is not a domain name of several labels, as addressType has it",
            "error: endpoints[0].addresses[2]: \"A.example.com\" is not a domain name of several labels, as addressType has it"
        ),
        slice(
            "addresses: ['ff12::1']", type: "IPv6",
            "warning: endpoints[0].addresses[0]: ff12::1 is a link-local multicast address; the endpoint is ignored"),
        endpoints("hostname: '', nodeName: a.example.com", port: "{port: 80, protocol: ''}"),
        endpoints(
            "hostname: Foo_bar.x, nodeName: Node_A",
            "error: subsets[0].addresses[0].hostname: \"Foo_bar.x\" is not a valid name: \(label)",
            "error: subsets[0].addresses[0].nodeName: \"Node_A\" is not a valid name: \(subdomain)"),
        endpoints(
            "nodeName: ''", "error: subsets[0].addresses[0].nodeName: \"\" is not a valid name: \(subdomain)"),
    ]

    private static func names(_ count: Int) -> String {
        (0..<count).map { "{name: n\($0)}" }.joined(separator: ", ")
    }

    /// Of `generateName`, what the API server appends to which.
    static let ofNames: [ServerRule] =
        ["a-", "a--", "web.", "web", "UPPER_", "a.-", "-", "a/b"].map { beginning in
            let isBeginning = ["a-", "a--", "web"].contains(beginning)
            let message =
                "error: metadata.generateName: \"\(beginning)\" does not begin a valid name: \(subdomain)"
            return ServerRule(
                """
                {apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4,
                metadata: {generateName: "\(beginning)", namespace: shop}}
                """, isBeginning ? [] : [message])
        }

    static let ofIngresses: [ServerRule] = [
        ingress("defaultBackend: {resource: {apiGroup: a.example.com, kind: Bucket, name: b}}"),
        ingress(
            "defaultBackend: {resource: {apiGroup: '', kind: '', name: ''}}",
            "error: spec.defaultBackend.resource.apiGroup: \"\" is not a valid name: \(subdomain)",
            "error: spec.defaultBackend.resource.kind: missing; a resource has a kind and a name",
            "error: spec.defaultBackend.resource.name: missing; a resource has a kind and a name"),
        ingress(
            "defaultBackend: {resource: {kind: .., name: a/b}}",
            "error: spec.defaultBackend.resource.kind: \"..\" cannot be part of a path: it is \".\" or \"..\", or holds \"/\" or \"%\"",
            "error: spec.defaultBackend.resource.name: \"a/b\" cannot be part of a path: it is \".\" or \"..\", or holds \"/\" or \"%\""
        ),
        ingress(
            "ingressClassName: '', rules: [{host: a.example.com}]",
            "error: spec.ingressClassName: \"\" is not a valid name: \(subdomain)"),
        ingress(
            "rules: [{http: {paths: [{path: /, pathType: '', backend: {service: {name: a, port: {number: 80}}}}]}}]",
            "error: spec.rules[0].http.paths[0].pathType: \"\" is not one of Exact, Prefix, ImplementationSpecific"),
        ingress(
            "rules: [{host: a.example.com}], tls: [{hosts: [10.0.0.1, '::1'], secretName: ''}]",
            "warning: spec.tls[0].hosts[0]: \"10.0.0.1\" is an address, by which no certificate is chosen",
            "error: spec.tls[0].hosts[1]: \"::1\" is an address; a host is a DNS name"),
        ingress("rules: [{host: '*.\(name(251))'}]"),
        ingress(
            "rules: [{host: '*.\(name(252))'}]",
            "error: spec.rules[0].host: \(quoted("*." + name(252))) is not a DNS name in lower case, nor \"*.\" before one"
        ),
        controller("example.com/in/gress-._~%!$&'()*+,;=:"),
        controller(
            "example.com/in gress", "error: spec.controller: \"example.com/in gress\" holds \" \", which no path does"),
        controller("example.com/" + String(repeating: "a", count: 238)),
        controller(
            "example.com/" + String(repeating: "a", count: 239),
            "error: spec.controller: 251 characters are more than a controller may have: 250"),
    ]

    /// A DNS name of so many bytes.
    private static func name(_ count: Int) -> String {
        String(String(repeating: "a.", count: count).prefix(count - 1)) + "b"
    }
}

struct ServerRulesTests {
    @Test(
        "a definition is held to the rules of the API server",
        arguments: ServerRule.ofServices + ServerRule.ofEndpoints + ServerRule.ofNames + ServerRule.ofIngresses)
    func validates(rule: ServerRule) throws {
        #expect(try summaries(rule.text) == rule.expected)
    }

    @Test(
        "what an API server has stored is at most a warning",
        arguments: ServerRule.ofServices + ServerRule.ofEndpoints + ServerRule.ofIngresses)
    func warnsOfStored(rule: ServerRule) throws {
        let stored = rule.text.replacing("metadata: {", with: "metadata: {uid: u, ", maxReplacements: 1)
        // Annotations of what is stored are not looked at.
        let expected = rule.expected.filter { !$0.contains("metadata.annotations") }
        #expect(
            try summaries(stored) == expected.map { $0.replacing("error: ", with: "warning: ", maxReplacements: 1) })
    }

    private func summaries(_ text: String) throws -> [String] {
        let manifests = try read(text, kinds: Set(ObjectKind.allCases))
        #expect(manifests.diagnostics == [])
        return ClusterValidator.validate(manifests.objects).map {
            "\($0.severity.rawValue): \($0.field): \($0.message)"
        }
    }
}
