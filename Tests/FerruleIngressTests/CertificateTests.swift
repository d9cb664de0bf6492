// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleIngress
import FerruleKubernetes
import Foundation
import Testing

/// Which certificate is for which names, and that nothing of a Secret gets anywhere else.
struct CertificateTests {
    /// A block that holds one sequence of ASN.1, as far as it is looked at.
    private static func block(_ label: String, _ content: String = "MAMCAQE=") -> String {
        "-----BEGIN \(label)-----\n\(content)\n-----END \(label)-----\n"
    }

    private static let key = block("PRIVATE KEY", "MAMCAQI=")

    private func secret(
        _ name: String, certificate: String = block("CERTIFICATE"), key: String = Self.key,
        type: String = "kubernetes.io/tls"
    ) -> String {
        """
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: \(name), namespace: shop}
        type: \(type)
        data:
          tls.crt: \(Data(certificate.utf8).base64EncodedString())
          tls.key: \(Data(key.utf8).base64EncodedString())

        """
    }

    private func asking(_ name: String, _ tls: String, created: String? = nil) -> String {
        ingress(name, rules: "[\(rule("", "/\(name)"))]", more: "tls: \(tls)", created: created)
    }

    private func compiled(_ text: String) throws -> Compiled {
        try Compiled(service("web") + text) { $0.servesTLS = true }
    }

    @Test("each Secret is a file, with the names that the Ingresses say")
    func files() throws {
        let compiled = try compiled(
            secret("one") + secret("two")
                + asking("a", "[{hosts: [a.example.com, '*.b.example.com'], secretName: one}, {secretName: two}]")
                + asking("b", "[{hosts: [c.example.com], secretName: one}]"))
        #expect(compiled.messages == [])
        let files = CertificateFiles(compiled.routing.certificates, folder: "/tls").files
        #expect(files.map(\.name) == ["shop.one.pem", "shop.two.pem", "certificates.list"])
        #expect(String(decoding: files[0].bytes, as: UTF8.self) == Self.block("CERTIFICATE") + Self.key)
        #expect(
            String(decoding: files[2].bytes, as: UTF8.self) == """
                /tls/shop.one.pem a.example.com *.b.example.com c.example.com
                /tls/shop.two.pem

                """)
    }

    @Test("what stands beside the certificate and the first key is left out, such as the parameters of a curve")
    func otherBlocks() throws {
        let parameters = Self.block("EC PARAMETERS", "BggqhkjOPQMBBw==")
        let key = Self.block("EC PRIVATE KEY", "MAMCAQM=")
        let compiled = try compiled(
            secret(
                "one", certificate: Self.block("X509 CRL", "Comment: none") + Self.block("CERTIFICATE"),
                key: parameters + key + Self.block("RSA PRIVATE KEY", "MIIB"))
                + asking("a", "[{hosts: [a.example.com], secretName: one}]"))
        #expect(compiled.messages == [])
        let bytes = compiled.routing.certificates.first?.pem.bytes ?? []
        #expect(String(decoding: bytes, as: UTF8.self) == Self.block("CERTIFICATE") + key)
    }

    @Test("text around the certificate may be no UTF-8")
    func latin() throws {
        let text = Data([0x4d, 0xfc, 0x0a]) + Data(Self.block("CERTIFICATE").utf8)
        let object = secret("one").replacingOccurrences(
            of: Data(Self.block("CERTIFICATE").utf8).base64EncodedString(), with: text.base64EncodedString())
        let compiled = try compiled(object + asking("a", "[{hosts: [a.example.com], secretName: one}]"))
        #expect(compiled.messages == [])
        let bytes = compiled.routing.certificates.first?.pem.bytes ?? []
        #expect(String(decoding: bytes, as: UTF8.self) == Self.block("CERTIFICATE") + Self.key)
    }

    @Test("of many names for one certificate each line of the list has a hundred")
    func manyHosts() throws {
        let hosts = (0..<250).map { "h\($0).example.com" }
        let compiled = try compiled(
            secret("one") + asking("a", "[{hosts: [\(hosts.joined(separator: ", "))], secretName: one}]"))
        let list = CertificateFiles(compiled.routing.certificates, folder: "/tls").files.last?.bytes ?? []
        let lines = String(decoding: list, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.map(\.count) == [101, 101, 51])
        #expect(lines.allSatisfy { $0.first == "/tls/shop.one.pem" })
        #expect(lines.flatMap { $0.dropFirst() } == hosts.map { Substring($0) })
    }

    @Test("each Secret has a file whose name a file system takes, and keeps it")
    func longNames() throws {
        let long = String(repeating: "n", count: 246)
        let names = [long, long + "a", long + "b"]
        let compiled = try compiled(
            names.enumerated().map { secret($1) + asking("i\($0)", "[{hosts: [h\($0).io], secretName: \($1)}]") }
                .joined())
        let files = CertificateFiles(compiled.routing.certificates, folder: "/tls").files.dropLast().map(\.name)
        let beginning = "shop." + long.prefix(195)
        #expect(
            files == [
                "shop.\(long).pem", "\(beginning)_dd0e6ec6adeb8874.pem", "\(beginning)_dd0e71c6adeb8d8d.pem",
            ])
        #expect(files.first?.utf8.count == 255)
    }

    @Test("the older Ingress has the name that two ask for")
    func conflict() throws {
        let compiled = try compiled(
            secret("one") + secret("two") + asking("a", "[{hosts: [a.example.com], secretName: one}]")
                + asking("b", "[{hosts: [a.example.com], secretName: two}]", created: "2026-01-01T00:00:00Z"))
        #expect(compiled.routing.certificates.map(\.secret.name) == ["two"])
        #expect(
            compiled.messages == [
                "Ingress shop/a: spec.tls[0].hosts[0]: Ingress shop/b, which is older, has \"a.example.com\" with "
                    + "Secret shop/two: Secret shop/one is left out for it"
            ])
    }

    @Test(
        "a Secret that is missing or of no use is named, and nothing of it is quoted",
        arguments: [
            ("there is no Secret shop/one", ""), ("is of type \"Opaque\", not kubernetes.io/tls", "opaque"),
            ("has no certificate in tls.crt", "empty"), ("has no private key in tls.key", "keyless"),
            ("has a key that needs a password", "encrypted"), ("has a key that needs a password", "old-encrypted"),
            ("has a tls.crt that is not whole", "cut"), ("has a tls.key that is not whole", "cut-key"),
            ("has a tls.key that is not in base64", "not-base64"),
        ])
    func useless(message: String, kind: String) throws {
        let text =
            switch kind {
            case "opaque": secret("one", type: "Opaque")
            case "empty": secret("one", certificate: "SESAME")
            case "keyless": secret("one", key: Self.block("CERTIFICATE"))
            case "encrypted": secret("one", key: Self.block("ENCRYPTED PRIVATE KEY"))
            case "old-encrypted":
                secret("one", key: Self.block("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\n\nMAMCAQE="))
            case "cut": secret("one", certificate: String(Self.block("CERTIFICATE").dropLast(30)))
            case "cut-key": secret("one", key: Self.block("PRIVATE KEY", "MIIBSESAME=="))
            case "not-base64":
                secret("one").replacingOccurrences(of: "tls.key: ", with: "tls.key: SESAME*")
            default: ""
            }
        let compiled = try compiled(text + asking("a", "[{hosts: [a.example.com], secretName: one}]"))
        #expect(compiled.routing.certificates == [])
        #expect(compiled.messages.count == 1)
        #expect(compiled.messages.first?.contains(message + ": TLS is left out here") == true, "\(compiled.messages)")
        #expect(!compiled.messages.joined().contains("SESAME"))
    }

    @Test("what is printed of a Secret by mistake is nothing")
    func unprintable() {
        var secret = Secret(meta: ObjectMeta(name: "one"))
        secret.privateKey = SecretText("SESAME", .plain)
        var text = "\(secret)"
        dump(secret, to: &text)
        debugPrint(secret, to: &text)
        #expect(!text.contains("SESAME"))
    }
}
