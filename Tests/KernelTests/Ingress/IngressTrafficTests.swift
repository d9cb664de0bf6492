// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Foundation
import NetworkLab
import Testing

/// What requests meet that a real HAProxy leads by Ingresses.
@Suite("ingress, requests", .needsNamespaces)
struct IngressTrafficTests {
    /// A service with one endpoint, which answers with the service's name.
    private static func service(_ name: String, _ number: Int, ready: Bool = true) -> String {
        """
        apiVersion: v1
        kind: Service
        metadata: {name: \(name)}
        spec: {clusterIP: 10.96.1.\(number), ports: [{name: http, port: 80}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: \(name)-1, labels: {kubernetes.io/service-name: \(name)}}
        addressType: IPv4
        ports: [{name: http, port: 8080}]
        endpoints: [{addresses: [10.244.1.\(number)], conditions: {ready: \(ready)}}]
        ---

        """
    }

    private static func path(_ path: String, _ type: String, _ service: String) -> String {
        """
              - path: "\(path)"
                pathType: \(type)
                backend: {service: {name: \(service), port: {name: http}}}

        """
    }

    private static let names = ["root", "shop", "cart", "exact", "wild", "named", "odd", "idle"]

    private static let input =
        names.enumerated().map { service($1, $0 + 1, ready: $1 != "idle") }.joined() + """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: paths}
            spec:
              rules:
              - host: a.whale.hey
                http:
                  paths:

            """ + path("/", "Prefix", "root") + path("/shop", "Prefix", "shop") + path("/shop/cart", "Prefix", "cart")
        + path("/shop/exact", "Exact", "exact") + path("/idle", "Prefix", "idle") + path("/nobody", "Prefix", "nobody")
            + #"""
              - host: "*.whale.hey"
                http:
                  paths:

            """# + path("/", "Prefix", "wild") + """
              - host: b.whale.hey
                http:
                  paths:

            """ + path("/", "Prefix", "named") + """
              - http:
                  paths:

            """ + path(#"/it's a \"$test\" #1 {x} é\\n"#, "Prefix", "odd") + path("/a%20b", "Exact", "odd")
        + path("/caf%e9", "Exact", "odd") + path("/%C3%A9", "Exact", "named") + path("/e%CC%81", "Exact", "wild")

    /// A URL, and what the answer begins with.
    private static let requests = [
        ("http://a.whale.hey/", "200 root / http 127.0.0.1"), ("http://a.whale.hey/shopping", "200 root"),
        ("http://a.whale.hey", "200 root"), ("http://A.Whale.HEY./other?/shop", "200 root"),
        ("http://a.whale.hey/shop", "200 shop"), ("http://a.whale.hey/shop/", "200 shop"),
        ("http://a.whale.hey/shop/x", "200 shop"), ("http://a.whale.hey/shop?q=/shop/cart", "200 shop"),
        ("http://a.whale.hey/%73hop", "200 shop"), ("http://a.whale.hey/Shop", "200 root"),
        ("http://a.whale.hey/shop/cart", "200 cart"), ("http://a.whale.hey/shop/cart/1", "200 cart"),
        ("http://a.whale.hey/shop/carts", "200 shop"), ("http://a.whale.hey/shop/exact", "200 exact"),
        ("http://a.whale.hey/shop/exact/", "200 shop"), ("http://a.whale.hey/idle", "503"),
        ("http://a.whale.hey/nobody/x", "503"), ("http://b.whale.hey/x", "200 named"),
        ("http://c.whale.hey/x", "200 wild"),
        ("http://d.c.whale.hey/x", "404"), ("http://whale.hey/x", "404"), ("http://example.com/", "404"),
        ("http://127.0.0.1/", "404"),
        ("http://example.com/it's%20a%20%22$test%22%20%231%20%7Bx%7D%20%C3%A9%5Cn/x", "200 odd"),
        ("http://example.com/a%20b", "200 odd"), ("http://example.com/a%2520b", "404"),
        ("http://a.whale.hey/%zz", "200 root"),
        // Paths are bytes: of no UTF-8, and of other letters that look the same.
        ("http://example.com/caf%E9", "200 odd"), ("http://example.com/caf%25e9", "404"),
        ("http://example.com/%c3%a9", "200 named"), ("http://example.com/e%cc%81", "200 wild"),
    ]

    /// A header `Host` of a request for `/x`, and what the answer begins with.
    private static let hosts = [
        ("b.whale.hey", "200 named"), ("B.Whale.Hey.:8080", "200 named"), ("example.com,b.whale.hey", "404"),
        ("b.whale.hey,example.com", "404"), ("b.whale.hey, c.whale.hey", "404"),
    ]

    @Test("each request goes where its host and path say, by a real HAProxy")
    func requests() throws {
        let lab = try IngressLab()
        let servers = Self.names.enumerated().map { (address: "10.244.1.\($0 + 1)", port: 8080, name: $1) }
        try lab.answer(servers)
        try lab.serve(["-f", "-", "-q"], input: Self.input)
        let requests =
            Self.requests.map { (url: $0, more: [String](), expected: $1) }
            + Self.hosts.map { (url: "http://127.0.0.1/x", more: ["-H", "Host: \($0)"], expected: $1) }
        let wrong = try requests.compactMap { url, more, expected -> String? in
            let answer = try lab.ask(url, more)
            // curl writes the code behind the body.
            let lines = answer.split(separator: "\n").map(String.init)
            let found = "\(lines.last?.split(separator: " ").last ?? "") \(lines.first ?? "")"
            return found.hasPrefix(expected) ? nil : "\(url) \(more): \(found)"
        }
        #expect(wrong == [])
    }

    @Test("the endpoints of a service take turns, and one that is gone is passed over")
    func several() throws {
        let lab = try IngressLab()
        let slice = Self.service("web", 1).replacingOccurrences(
            of: "addresses: [10.244.1.1]",
            with: "addresses: [10.244.1.1]}, {addresses: [10.244.1.2]}, {addresses: [10.244.1.3]"
        )
        let rule = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
            """
        // Nobody listens at the third, so that the address refuses.
        try lab.answer([("10.244.1.1", 8080, "one"), ("10.244.1.2", 8080, "two"), ("10.244.1.3", 9, "none")])
        try lab.serve(["-f", "-", "-q"], input: slice + rule)
        let answers = try (0..<12).map { _ in String(try lab.ask("http://any/").prefix(3)) }
        #expect(Set(answers) == ["one", "two"])
    }

    @Test("with --through-services requests go to the ClusterIP")
    func throughServices() throws {
        let lab = try IngressLab()
        try lab.answer([("10.96.1.1", 80, "service"), ("10.244.1.1", 8080, "endpoint")])
        let rule = """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
            """
        try lab.serve(["-f", "-", "-q", "--through-services"], input: Self.service("web", 1) + rule)
        #expect(try lab.ask("http://any/").hasPrefix("service "))
    }

    @Test("each name has its own certificate, which its Secret holds")
    func secure() throws {
        let lab = try IngressLab()
        let folder = lab.folder.path
        var objects = Self.service("web", 1)
        for (name, host) in [("a", "a.whale.hey"), ("b", "*.b.whale.hey")] {
            try lab.run([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(host)", "-keyout", "\(folder)/\(name).key",
                "-out", "\(folder)/\(name).crt",
            ])
            let values = try ["crt", "key"].map {
                "tls.\($0): \(try Data(contentsOf: URL(filePath: "\(folder)/\(name).\($0)")).base64EncodedString())"
            }
            objects += """
                apiVersion: v1
                kind: Secret
                metadata: {name: \(name)}
                type: kubernetes.io/tls
                data: {\(values.joined(separator: ", "))}
                ---

                """
        }
        objects += """
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec:
              tls: [{hosts: [a.whale.hey], secretName: a}, {hosts: ["*.b.whale.hey"], secretName: b}]
              defaultBackend: {service: {name: web, port: {number: 80}}}
            """
        try lab.answer([("10.244.1.1", 8080, "web")])
        let tls = "\(folder)/tls"
        let configuration = try lab.serve(["-f", "-", "-q", "--tls-directory", tls], input: objects)
        #expect(configuration.contains("ssl crt-list \(tls)/certificates.list"))
        func ask(_ host: String, _ certificate: String) throws -> String {
            try lab.ask("https://\(host)/x", ["--cacert", "\(folder)/\(certificate).crt"])
        }
        #expect(try ask("a.whale.hey", "a") == "web /x https 127.0.0.1\n200 ")
        #expect(try ask("x.b.whale.hey", "b") == "web /x https 127.0.0.1\n200 ")
        // The certificate of one is not that of the other.
        #expect(throws: TestMistake.self) { try ask("x.b.whale.hey", "a") }
    }

    @Test("the whales of examples/10-behind-an-ingress say who they are")
    func whales() throws {
        let lab = try IngressLab()
        let example = Project.url("examples/10-behind-an-ingress").path
        let configuration = try lab.run([Project.program, "ingress", "-f", example, "--assume-pods", "-q"])
        // The declared pods have placeholders for addresses: here somebody answers there.
        var backend = ""
        var servers: [(address: String, port: Int, name: String)] = []
        for words in configuration.split(separator: "\n").map({ $0.split(separator: " ").map(String.init) }) {
            if words.first == "backend" { backend = words[1] }
            guard words.first == "server" else { continue }
            let parts = words[2].split(separator: ":").map(String.init)
            servers.append((address: parts[0], port: Int(parts[1]) ?? 0, name: backend))
        }
        #expect(servers.count > 5)
        try lab.answer(servers)
        try lab.serve(["-f", example, "--assume-pods", "-q"])
        #expect(try lab.ask("http://a.whale.hey/").hasPrefix("default.whale-a:80 / "))
        #expect(try lab.ask("http://b.whale.hey/").hasPrefix("default.whale-b:80 / "))
        #expect(try lab.ask("http://www.example.com/shop/1").hasPrefix("default.shop:80 /shop/1 "))
        #expect(try lab.ask("http://www.example.com/blog").hasPrefix("default.blog:80 /blog "))
    }
}
