// SPDX-License-Identifier: Apache-2.0

import FerruleAPIServer
import FerruleManifests
import FerruleTestSupport
import Foundation
import Testing

@Suite struct KubeconfigTests {
    private static func text(cluster: String = "", user: String = "", context: String = "prod") -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: \(context)
        contexts:
        - name: prod
          context: {cluster: one, user: agent, namespace: kube-system}
        clusters:
        - name: one
          cluster:
            server: https://api.example.com:6443/
        \(cluster)
        users:
        - name: agent
          user:
            token: secret
        \(user)
        """
    }

    /// A file of ours in PEM.
    private static func pem(_ name: String) throws -> Data {
        try Data(contentsOf: Project.url("Tests/FerruleAPIServerTests/Certificates/\(name)"))
    }

    private func access(
        _ text: String, context: String? = nil, environment: [String: String] = [:]
    ) throws -> Access {
        try Kubeconfig(Data(text.utf8), file: "/nowhere/config").access(context: context, environment: environment)
    }

    private func problem(_ text: String, context: String? = nil) -> String {
        do {
            _ = try access(text, context: context)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func saysServerAndToken() throws {
        let access = try access(Self.text(cluster: "    tls-server-name: kubernetes"))
        #expect(access.server == "https://api.example.com:6443")
        #expect(access.identity.token == "secret")
        #expect(access.serverName == "kubernetes")
        #expect(access.compresses && !access.isUnverified && access.proxy == nil)
    }

    @Test func dataComesBeforeFiles() throws {
        let (authority, certificate) = (try Self.pem("ca.crt"), try Self.pem("client.crt"))
        let key = try Self.pem("client.key")
        let access = try access(
            Self.text(
                cluster: "    certificate-authority: ca.crt\n"
                    + "    certificate-authority-data: \(authority.base64EncodedString())",
                user: "    client-certificate-data: \(certificate.base64EncodedString())\n"
                    + "    client-key-data: \(key.base64EncodedString())"))
        #expect(access.authority == .bytes(Array(authority)))
        #expect(access.identity.certificate == .bytes(Array(certificate)))
        #expect(access.identity.key == .bytes(Array(key)))
    }

    @Test func dataMayStandInSeveralLines() throws {
        let authority = try Self.pem("ca.crt")
        let lines = authority.base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
            .replacingOccurrences(of: "\n", with: "\n      ")
        let access = try access(Self.text(cluster: "    certificate-authority-data: |\n      \(lines)\n"))
        #expect(access.authority == .bytes(Array(authority)))
    }

    @Test(
        "data that are nothing in PEM are an error of the file",
        arguments: [
            (
                "    certificate-authority-data: aGVsbG8=", "", "clusters[0].cluster.certificate-authority-data",
                "certificate"
            ),
            ("", "    client-certificate-data: aGVsbG8=", "users[0].user.client-certificate-data", "certificate"),
            ("", "    client-key-data: aGVsbG8=", "users[0].user.client-key-data", "private key"),
        ])
    func dataWithoutPEM(_ cluster: String, _ user: String, _ field: String, _ what: String) {
        #expect(
            problem(Self.text(cluster: cluster, user: user))
                == "/nowhere/config: \(field): this is not a \(what) in PEM")
    }

    @Test(
        "what no header can carry is an error of the file",
        arguments: [
            (#"    token: "secret\n""#, "token", "line break"),
            (#"    token: "a\u0001b""#, "token", "control character"),
            (#"    as: "a\nb""#, "as", "line break"), (#"    as: a\#n    as-uid: "7\r""#, "as-uid", "line break"),
            (#"    as: a\#n    as-groups: [one, "t\nwo"]"#, "as-groups[1]", "line break"),
            (#"    as: a\#n    as-user-extra: {scopes: ["a\nb"]}"#, "as-user-extra[scopes]", "line break"),
        ])
    func headers(_ user: String, _ field: String, _ what: String) {
        let text = Self.text(user: user).replacingOccurrences(of: "    token: secret\n", with: "")
        #expect(
            problem(text) == "/nowhere/config: users[0].user.\(field): this holds a \(what), which no request can carry"
        )
    }

    @Test("a byte order mark, as some editors write it, is none of the text; another encoding is named")
    func byteOrderMarks() throws {
        #expect(try access("\u{feff}" + Self.text()).identity.token == "secret")
        let wide = try #require(Self.text().data(using: .utf16))
        let error = #expect(throws: AccessError.self) { try Kubeconfig(wide, file: "/nowhere/config") }
        #expect(error?.description == "/nowhere/config: the text is UTF-16, but must be UTF-8")
    }

    @Test func saysWhomToActAs() throws {
        let user = """
                as: somebody
                as-uid: "7"
                as-groups: [one, two]
                as-user-extra: {scopes: [a, b]}
            """
        let found = try access(Self.text(user: user)).identity.impersonation
        var wanted = Impersonation(user: "somebody")
        (wanted.uid, wanted.groups, wanted.extra) = ("7", ["one", "two"], ["scopes": ["a", "b"]])
        #expect(found == wanted)
        #expect(try access(Self.text(user: "    as: ''")).identity.impersonation == nil)
        #expect(
            problem(Self.text(user: "    as-groups: [one]"))
                == "/nowhere/config: users[0].user.as: missing; as-uid, as-groups and as-user-extra need the name of a user"
        )
    }

    @Test func aPluginIsToldWhatStandsThereForIt() throws {
        let extensions = """
                extensions:
                - {name: other, extension: 1}
                - {name: client.authentication.k8s.io/exec, extension: {audience: here, ttl: 60}}
            """
        let exec = """
                exec: {command: get-token, apiVersion: client.authentication.k8s.io/v1, provideClusterInfo: true}
            """
        let plugin = try access(Self.text(cluster: extensions, user: exec)).identity.plugin
        #expect(plugin?.cluster?.config == .object(["audience": .text("here"), "ttl": .number(60)]))
    }

    @Test func pathsCountFromTheFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("pem", to: "pki/ca.crt")
        try folder.write(Self.text(cluster: "    certificate-authority: pki/ca.crt"), to: "config")
        let access = try Kubeconfig(file: folder.url.appending(path: "config").path).access()
        #expect(access.authority == .file(folder.url.appending(path: "pki/ca.crt").path))
    }

    @Test func aboveALinkIsWhereTheKernelSays() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.text(), to: "real/config")
        try folder.write("x", to: "real/below/file")
        let link = folder.url.appending(path: "link").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real/below")
        #expect(try Kubeconfig(file: link + "/../config").access().identity.token == "secret")
    }

    @Test func whatIsWrongIsNamedWithItsField() throws {
        let authority = try Self.pem("ca.crt").base64EncodedString()
        let key = try Self.pem("client.key").base64EncodedString()
        #expect(problem("- a") == "/nowhere/config: this is not an object")
        #expect(problem("a: [").hasPrefix("/nowhere/config: line"))
        #expect(
            problem(Self.text(context: "other")) == "/nowhere/config: contexts: there is none of the name \"other\"")
        #expect(
            problem(Self.text(cluster: "    certificate-authority-data: '*'"))
                == "/nowhere/config: clusters[0].cluster.certificate-authority-data: this is not base64")
        #expect(
            problem(Self.text(cluster: "    certificate-authority: ca.crt"))
                == "/nowhere/config: clusters[0].cluster.certificate-authority: /nowhere/ca.crt cannot be read")
        #expect(
            problem(Self.text(cluster: "    insecure-skip-tls-verify: maybe"))
                == "/nowhere/config: clusters[0].cluster.insecure-skip-tls-verify: this is not true or false")
        #expect(
            problem(
                Self.text(
                    cluster: "    insecure-skip-tls-verify: true\n    certificate-authority-data: \(authority)"))
                == "/nowhere/config: clusters[0].cluster: insecure-skip-tls-verify has no certificate verified, so "
                + "certificate-authority would be of no use: leave out one of them")
        #expect(
            problem(Self.text(user: "    client-key-data: \(key)"))
                == "/nowhere/config: users[0].user: client-certificate and client-key go together; one is missing")
        #expect(
            problem(Self.text(user: "    exec: {command: get-token, apiVersion: v0}"))
                == "/nowhere/config: users[0].user.exec.apiVersion: \"v0\" is not one of "
                + "client.authentication.k8s.io/v1, client.authentication.k8s.io/v1beta1")
    }

    @Test(
        "a server is a host, and perhaps a port that there can be",
        arguments: [
            "https://10.0.0.1:644330", "https://10.0.0.1:0", "https://10.0.0.1:a", "https://[fd00::1]:70000",
            "https://[fd00::1]6443", "https://[fd00::1", "https://:6443", "https://",
        ])
    func servers(_ server: String) {
        let text = Self.text().replacingOccurrences(of: "https://api.example.com:6443/", with: "'\(server)'")
        #expect(
            problem(text)
                == "/nowhere/config: clusters[0].cluster.server: \"\(server)\" does not name a host, and a port of 1-65535 if any"
        )
    }

    @Test(arguments: [
        (["HTTPS_PROXY": "http://proxy:3128"], "http://proxy:3128"),
        (["https_proxy": "proxy:3128"], "http://proxy:3128"),
        (["HTTP_PROXY": "http://proxy:3128"], nil),
        (["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "10.0.0.0/8,example.com"], nil),
        (["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": ".example.com:443"], "http://proxy:3128"),
        (["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": "*"], nil),
    ])
    func theEnvironmentNamesAProxy(_ environment: [String: String], _ proxy: String?) throws {
        #expect(try access(Self.text(), environment: environment).proxy == proxy)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.1.2.3", nil), ("10.1.2.3", "10.1.2.3", nil), ("10.1.2.3:6443", "10.1.2.3", nil),
        ("10.1.2.3:443", "10.1.2.3", "http://proxy:3128"), ("10.1.2.4", "10.1.2.3", "http://proxy:3128"),
        ("[fd00::1]", "[fd00::1]", nil), ("[fd00::1]:443", "[fd00::1]", "http://proxy:3128"),
        ("110.1.2.3]", "10.1.2.3", "http://proxy:3128"),
    ])
    func aProxyIsNotForTheseAddresses(_ exceptions: String, _ host: String, _ proxy: String?) throws {
        let text = Self.text().replacingOccurrences(of: "api.example.com", with: host)
        let environment = ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": exceptions]
        #expect(try access(text, environment: environment).proxy == proxy)
    }

    @Test func aPodFindsItsServiceAccount() throws {
        let folder = try TemporaryFolder()
        try folder.write("secret", to: "token")
        let access = try Access.serviceAccount(
            environment: ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"],
            folder: folder.url.path)
        #expect(access.server == "https://[fd00::1]:443" && access.proxy == nil)
        let behindProxy = try Access.serviceAccount(
            environment: [
                "KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443",
                "HTTPS_PROXY": "http://proxy:3128",
            ], folder: folder.url.path)
        #expect(behindProxy.proxy == "http://proxy:3128")
        #expect(access.identity.tokenFile == folder.url.path + "/token")
        for (environment, problem) in [
            ([:], "KUBERNETES_SERVICE_HOST: empty or not set"),
            (
                ["KUBERNETES_SERVICE_HOST": "", "KUBERNETES_SERVICE_PORT": "443"],
                "KUBERNETES_SERVICE_HOST: empty or not set"
            ),
            (
                ["KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "99999"],
                "KUBERNETES_SERVICE_PORT: \"99999\" is not the number of a port, 1-65535"
            ),
        ] {
            let error = #expect(throws: AccessError.self) {
                try Access.serviceAccount(environment: environment, folder: folder.url.path)
            }
            #expect(error?.description.hasPrefix(problem) == true, "\(problem)")
        }
    }
}
