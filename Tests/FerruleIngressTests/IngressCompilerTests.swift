// SPDX-License-Identifier: Apache-2.0

import FerruleDiagnostics
import FerruleIngress
import Testing

/// Which request goes where, and what is said of rules that cannot be kept.
struct IngressCompilerTests {
    @Test("names before wildcards before all hosts; exact before prefix, longer before shorter")
    func order() throws {
        let rules = [
            rule("", "/"), rule("*.example.com", "/longer/than/others"), rule("b.example.com", "/shop"),
            rule("a.example.com", "/"), rule("a.example.com", "/shop/cart"), rule("a.example.com", "/shop"),
            rule("a.example.com", "/a", type: "Exact"),
        ]
        let compiled = try Compiled(service("web") + ingress("one", rules: "[\(rules.joined(separator: ", "))]"))
        #expect(
            compiled.routes == [
                "a.example.com exact /a -> web:80", "a.example.com prefix /shop/cart -> web:80",
                "a.example.com prefix /shop -> web:80", "a.example.com prefix / -> web:80",
                "b.example.com prefix /shop -> web:80",
                "*.example.com prefix /longer/than/others -> web:80", "* prefix / -> web:80",
            ])
        #expect(compiled.messages == [])
        #expect(compiled.backends == ["web:80 10.244.1.1:8080 10.244.1.2:8080"])
    }

    @Test("of two that claim the same requests the older one has them, whatever their order in the input")
    func conflicts() throws {
        let objects = [
            ingress("young", rules: "[\(rule("a.example.com", "/", "two"))]", created: "2026-02-01T00:00:00Z"),
            ingress("old", rules: "[\(rule("a.example.com", "/", "one"))]", created: "2026-01-01T00:00:00Z"),
            // Not made yet, so the youngest, and the second of these by its name.
            ingress("a-manifest", rules: "[\(rule("a.example.com", "/", "three"))]"),
        ]
        for input in [objects, objects.reversed()] {
            let compiled = try Compiled(
                service("one") + service("two", number: 2) + service("three", number: 3) + input.joined())
            #expect(compiled.routes == ["a.example.com prefix / -> one:80"])
            #expect(
                compiled.messages == [
                    "Ingress shop/young: spec.rules[0].http.paths[0]: Ingress shop/old, which is older, has the prefix "
                        + "\"/\" of a.example.com: this one is left out",
                    "Ingress shop/a-manifest: spec.rules[0].http.paths[0]: Ingress shop/old, which is older, has the "
                        + "prefix \"/\" of a.example.com: this one is left out",
                ])
        }
    }

    @Test("what claims the same requests for the same backend, or other requests, is no conflict")
    func noConflict() throws {
        let rules = [
            rule("a.example.com", "/x"), rule("a.example.com", "/x", type: "Exact"), rule("a.example.com", "/x/"),
            rule("b.example.com", "/x", "other"), rule("", "/x", "other"),
        ]
        let same = """
            [{host: a.example.com, http: {paths: [{path: /x, pathType: Prefix, backend: \(backend(port: "name: http"))}]}}]
            """
        let compiled = try Compiled(
            service("web") + service("other", number: 2) + ingress("a", rules: "[\(rules.joined(separator: ", "))]")
                + ingress("b", rules: same))
        #expect(compiled.messages == [])
        // One of them ends in a slash, which is no other prefix.
        #expect(compiled.routes.count == 4)
    }

    @Test(
        "prefixes are the same where requests are: with and without a slash at the end, and however they are encoded",
        arguments: [("/foo", "/foo/"), ("/foo/", "/foo"), ("/a%20b/", "/a b"), ("/%c3%a9", "/%C3%A9/")])
    func samePrefix(old: String, young: String) throws {
        let compiled = try Compiled(
            service("one") + service("two", number: 2)
                + ingress("old", rules: "[\(rule("", old, "one"))]", created: "2026-01-01T00:00:00Z")
                + ingress("young", rules: "[\(rule("", young, "two"))]", created: "2026-02-01T00:00:00Z"))
        #expect(compiled.routes == ["* prefix \(old) -> one:80"])
        #expect(
            compiled.messages == [
                "Ingress shop/young: spec.rules[0].http.paths[0]: Ingress shop/old, which is older, has the prefix "
                    + "\"\(young)\" of all hosts: this one is left out"
            ])
    }

    @Test("paths of other bytes are other paths, though they look the same")
    func otherBytes() throws {
        let paths = ["/%C3%A9", "/e%CC%81", "/%E9", "/%FF"]
        let rules = paths.enumerated().map { rule("", $1, $0 == 0 ? "one" : "two", type: "Exact") }
        let compiled = try Compiled(
            service("one") + service("two", number: 2) + ingress("a", rules: "[\(rules.joined(separator: ", "))]"))
        #expect(compiled.messages == [])
        #expect(
            compiled.routes == [
                "* exact /e%CC%81 -> two:80", "* exact /%C3%A9 -> one:80", "* exact /%E9 -> two:80",
                "* exact /%FF -> two:80",
            ])
    }

    @Test("a path of type ImplementationSpecific is a prefix, and all paths where it is empty")
    func implementationSpecific() throws {
        let paths = [
            "{pathType: ImplementationSpecific, backend: \(backend())}",
            "{path: /x, pathType: ImplementationSpecific, backend: \(backend())}",
            "{path: '/y/*', pathType: ImplementationSpecific, backend: \(backend())}",
        ]
        let compiled = try Compiled(
            service("web") + ingress("a", rules: "[{http: {paths: [\(paths.joined(separator: ", "))]}}]"))
        #expect(compiled.routes == ["* prefix /y/* -> web:80", "* prefix /x -> web:80", "* prefix / -> web:80"])
        #expect(
            compiled.messages == [
                "Ingress shop/a: spec.rules[0].http.paths[2].path: \"/y/*\" is a prefix, as every path of type "
                    + "ImplementationSpecific: \"*\" means itself"
            ])
    }

    @Test(
        "paths are compared without percent encoding, as requests are",
        arguments: [
            ("/a%20b", "/a b"), ("/a b", "/a b"), ("/100%", "/100%"), ("/%zz", "/%zz"), ("/%C3%A9", "/é"),
            ("/%+1", "/%+1"), ("/%-0", "/%-0"), ("/%2", "/%2"),
        ])
    func encodedPaths(path: String, decoded: String) throws {
        #expect(PathPattern(path, type: "Exact")?.bytes == Array(decoded.utf8))
        #expect(PathPattern(path, type: "Prefix")?.bytes == Array("\(decoded)/".utf8))
    }

    @Test("a path may be no UTF-8")
    func bytesOfPath() { #expect(PathPattern("/caf%e9", type: "Exact")?.bytes == Array("/caf".utf8) + [0xe9]) }

    @Test("a path that no request has is left out", arguments: ["/%00", "x", "x/"])
    func impossiblePaths(path: String) { #expect(PathPattern(path, type: "Prefix") == nil) }

    @Test("a service, a port or a resource that nothing is known of is answered with 503, and named")
    func missing() throws {
        let paths = [
            "{path: /a, pathType: Exact, backend: \(backend("wbe"))}",
            "{path: /b, pathType: Exact, backend: \(backend("web", port: "number: 81"))}",
            "{path: /c, pathType: Exact, backend: \(backend("web", port: "name: https"))}",
            "{path: /d, pathType: Exact, backend: {resource: {kind: Bucket, name: images}}}",
            "{path: /e, pathType: Exact, backend: \(backend("alias"))}",
            "{path: /f, pathType: Exact, backend: \(backend("idle"))}",
            "{path: /g, pathType: Exact, backend: \(backend("web", port: "number: 53"))}",
        ]
        let text =
            service("web", ports: "[{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}]") + """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: alias, namespace: shop}
                spec: {type: ExternalName, externalName: example.com}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: idle, namespace: shop}
                spec: {clusterIP: 10.96.0.9, ports: [{port: 80}]}

                """ + ingress("a", rules: "[{http: {paths: [\(paths.joined(separator: ", "))]}}]")
        let compiled = try Compiled(text)
        #expect(
            compiled.messages.map { String($0.split(separator: ": ", maxSplits: 2).last ?? "") } == [
                "there is no Service shop/wbe: requests are answered with 503",
                "Service shop/web has no TCP port 81, only 80 (http): requests are answered with 503",
                "Service shop/web has no TCP port https, only 80 (http): requests are answered with 503",
                "nothing is known of what Bucket images serves: requests are answered with 503",
                "Service shop/alias is an alias in DNS, without endpoints: requests are answered with 503",
                "Service shop/web has no TCP port 53, only 80 (http): requests are answered with 503",
            ])
        #expect(compiled.result.diagnostics.first?.hint == "did you mean web?")
        #expect(compiled.routes.count == 7)
        #expect(compiled.routing.backends.allSatisfy { $0.servers.isEmpty && $0.lack != nil })
        #expect(compiled.backends.contains("idle:80 Service shop/idle has no ready endpoint"))
    }

    @Test("resources of any name are answered with 503, and named")
    func oddResources() throws {
        let long = String(repeating: "K", count: 254)
        let kinds = [long, "\u{e9}", "e\u{301}", "80"]
        let paths = kinds.enumerated().map { number, kind in
            #"{path: /\#(number), pathType: Exact, backend: {resource: {kind: "\#(kind)", name: web}}}"#
        }
        let compiled = try Compiled(
            service("web")
                + ingress(
                    "a", rules: "[\(rule("", "/")), {http: {paths: [\(paths.joined(separator: ", "))]}}]"))
        #expect(compiled.routes.count == 5)
        #expect(compiled.messages.count == 4)
        #expect(compiled.messages.allSatisfy { $0.hasSuffix(" web serves: requests are answered with 503") })
        // The same bytes where they are the same to Swift.
        let names = compiled.routing.backends.map { Array("\($0.name)".utf8) }
        #expect(compiled.routing.routes.allSatisfy { names.contains(Array("\($0.backend)".utf8)) })
        #expect(compiled.backends.prefix(2).map { $0.prefix(6) } == ["web:80", "80 web"])
    }

    @Test("backends are ClusterIPs where those are asked for")
    func clusterIPs() throws {
        let compiled = try Compiled(service("web") + ingress("a", rules: "[\(rule("", "/"))]")) {
            $0.usesClusterIPs = true
        }
        #expect(compiled.backends == ["web:80 10.96.0.1:80"])
    }

    @Test("the default backend of the oldest takes what no rule is for, and rules without paths")
    func defaultBackend() throws {
        let compiled = try Compiled(
            service("web") + service("other", number: 2)
                + ingress("b", more: "defaultBackend: \(backend("other"))")
                + ingress("a", rules: "[{host: a.example.com}]", more: "defaultBackend: \(backend())"))
        #expect(compiled.routes == ["a.example.com prefix / -> web:80"])
        #expect(compiled.backends.map { $0.prefix(6) } == ["web:80"])
        #expect(
            compiled.messages == [
                "Ingress shop/b: spec.defaultBackend: Ingress shop/a, which is first by name, has the default backend: "
                    + "this one is left out"
            ])
    }

    @Test("what is left out is not said to answer, unless a rule still leads there")
    func leftOut() throws {
        let first = ingress("a", rules: "[\(rule("a.example.com", "/"))]", more: "defaultBackend: \(backend())")
        let second = { (host: String) in
            ingress(
                "b", rules: "[\(rule("a.example.com", "/", "none")), {host: \(host)}]",
                more: "defaultBackend: \(backend("none"))")
        }
        let has = "Ingress shop/a, which is first by name, has the"
        let all = [
            "Ingress shop/b: spec.defaultBackend: \(has) default backend: this one is left out",
            "Ingress shop/b: spec.rules[0].http.paths[0]: \(has) prefix \"/\" of a.example.com: this one is left out",
            "Ingress shop/b: spec.rules[1]: \(has) prefix \"/\" of a.example.com: this one is left out",
            "Ingress shop/b: spec.defaultBackend.service.name: there is no Service shop/none: requests are answered with 503",
        ]
        let compiled = try Compiled(service("web") + first + second("a.example.com"))
        #expect(compiled.messages == Array(all.prefix(3)))
        #expect(compiled.backends == ["web:80 10.244.1.1:8080 10.244.1.2:8080"])
        #expect(
            try Compiled(service("web") + first + second("b.example.com")).messages == [all[0], all[1], all[3]])
    }

    @Test("annotations for other controllers are counted, and the first is named")
    func annotations() throws {
        let text =
            service("web")
            + ingress("a", annotations: "{meta.helm.sh/release-name: x, kubernetes.io/ingress.class: public}")
            + ingress(
                "b",
                annotations:
                    "{nginx.ingress.kubernetes.io/rewrite-target: /, kubernetes.io/ingress.allow-http: 'false'}")
            + ingress("c", annotations: "{haproxy.org/timeout: 5s}")
        let result = try Compiled(text).result
        #expect(result.annotationCount == 3)
        #expect(result.firstAnnotation == "\"kubernetes.io/ingress.allow-http\" of Ingress shop/b")
        #expect(try Compiled(text) { $0.className = "public" }.result.firstAnnotation == nil)
    }

    @Test(
        "the older versions say the same in other words",
        arguments: ["extensions/v1beta1", "networking.k8s.io/v1beta1"])
    func olderVersions(version: String) throws {
        let rules = """
            [{host: a.example.com, http: {paths: [{path: /x, backend: {serviceName: web, servicePort: 80}},
            {path: /y, backend: {serviceName: web, servicePort: http}}]}}]
            """
        let compiled = try Compiled(
            service("web")
                + ingress("a", rules: rules, more: "backend: {serviceName: web, servicePort: 80}", version: version))
        #expect(compiled.routes == ["a.example.com prefix /x -> web:80", "a.example.com prefix /y -> web:80"])
        #expect(compiled.routing.defaultBackend != nil)
        #expect(compiled.messages == [])
    }

    @Test(
        "hosts that are none are left out: whoever checks the input has said so",
        arguments: ["A.b", "*", "1.2.3.4", "a:80"])
    func hosts(host: String) throws {
        #expect(try Compiled(service("web") + ingress("a", rules: "[\(rule(host, "/"))]")).routes == [])
    }

    // MARK: Classes

    private let classes = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata:
          name: public
          annotations: {ingressclass.kubernetes.io/is-default-class: "true"}
        spec: {controller: example.com/a}
        ---
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: internal}
        spec: {controller: example.com/b}

        """

    @Test(
        "a class is named by a field or an annotation, or is the default",
        arguments: [
            ("public", ["/field", "/none"]), ("internal", ["/annotation"]), (nil, ["/annotation", "/field", "/none"]),
        ])
    func selection(className: String?, paths: [String]) throws {
        let text =
            classes + service("web")
            + ingress("field", rules: "[\(rule("", "/field"))]", more: "ingressClassName: public")
            + ingress(
                "annotation", rules: "[\(rule("", "/annotation"))]",
                annotations: "{kubernetes.io/ingress.class: internal}")
            + ingress("none", rules: "[\(rule("", "/none"))]")
        let compiled = try Compiled(text) { $0.className = className }
        #expect(compiled.routing.routes.map(\.path.text).sorted() == paths)
        #expect(compiled.messages == [])
        #expect(compiled.result.otherCount == 3 - paths.count)
    }

    @Test("a class that is none of the input's is named, unless there are none")
    func unknownClass() throws {
        let object = ingress("a", rules: "[\(rule("", "/"))]", more: "ingressClassName: pulbic")
        #expect(
            try Compiled(classes + service("web") + object).messages == [
                "Ingress shop/a: spec.ingressClassName: no IngressClass of the input is called \"pulbic\"; did you mean "
                    + "\"public\"?"
            ])
        #expect(try Compiled(service("web") + object).messages == [])
        // All the more where it is left out for that.
        #expect(try Compiled(classes + service("web") + object) { $0.className = "public" }.messages.count == 1)
    }

    @Test("where each class is served by itself, Ingresses of two classes are no conflict")
    func conflictsByClass() throws {
        func claim(_ name: String, _ service: String, _ className: String) -> String {
            ingress(name, rules: "[\(rule("", "/", service))]", more: "ingressClassName: \(className)")
        }
        let text = classes + service("web") + service("other", number: 2) + claim("a", "web", "public")
        let both = try Compiled(text + claim("b", "other", "internal"))
        #expect(both.messages.count == 1)
        #expect(both.messagesByClass == [])
        let same = try Compiled(text + claim("b", "other", "public") + claim("c", "none", "pulbic"))
        #expect(
            same.messagesByClass == [
                "Ingress shop/c: spec.ingressClassName: no IngressClass of the input is called \"pulbic\"; did you mean "
                    + "\"public\"?",
                "Ingress shop/b: spec.rules[0].http.paths[0]: Ingress shop/a, which is first by name, has the prefix "
                    + "\"/\" of all hosts: this one is left out",
                "Ingress shop/c: spec.rules[0].http.paths[0].backend.service.name: there is no Service shop/none: "
                    + "requests are answered with 503",
            ])
    }

    @Test("of two default classes the newer counts, and the other is named")
    func twoDefaults() throws {
        let other = """
            ---
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata:
              name: second
              creationTimestamp: "2026-01-01T00:00:00Z"
              annotations: {ingressclass.kubernetes.io/is-default-class: "true"}
            spec: {controller: example.com/c}

            """
        let compiled = try Compiled(classes + other + service("web") + ingress("a", rules: "[\(rule("", "/"))]")) {
            $0.className = "public"
        }
        #expect(
            compiled.messages == [
                "IngressClass second: metadata.annotations: is a default beside IngressClass public, which counts"
            ])
        #expect(compiled.routes.count == 1)
    }
}
