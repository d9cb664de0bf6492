// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleManifests
package import FoundationEssentials

/// A kubeconfig file (`Config` of `v1`), as far as it says how to reach a server; see
/// <https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/>.
package struct Kubeconfig: Sendable {
    /// The extension of a cluster that is meant for plugins.
    private static let pluginExtension = "client.authentication.k8s.io/exec"

    private let file: String
    private let content: Content

    /// Reads a file.
    ///
    /// - Throws: where it cannot be read, or a field is of the wrong type.
    package init(file: String) throws(AccessError) {
        let data: Data
        do {
            data = try FileContent.contents(of: file)
        } catch {
            throw .unreadable(file, error)
        }
        try self.init(data, file: file)
    }

    /// Reads the content of a file; paths in it count from the file's folder.
    package init(_ data: Data, file: String) throws(AccessError) {
        self.file = file
        let json: Data
        do {
            json = try SingleDocument.json(of: data)
        } catch {
            throw AccessError(file: file, field: error.line.map { "line \($0)" } ?? "", error.message)
        }
        do {
            content = try JSONDecoder().decode(Content.self, from: json)
        } catch let error as DecodingError {
            throw AccessError(file: file, field: FieldPath(error.codingPath).description, error.expectation)
        } catch {
            throw AccessError(file: file, "this is not a kubeconfig")
        }
    }

    /// The access that a context names.
    ///
    /// - Parameters:
    ///   - context: its name; nil for `current-context`.
    ///   - environment: may name a proxy.
    package func access(context: String? = nil, environment: [String: String] = [:]) throws(AccessError) -> Access {
        let context = try self.context(named: context)
        guard let index = content.clusters?.firstIndex(where: { $0.name == context.cluster }),
            let cluster = content.clusters?[index].cluster
        else {
            throw AccessError(file: file, field: "clusters", "there is none of the name \"\(context.cluster ?? "")\"")
        }
        let path = "clusters[\(index)].cluster"
        guard let server = cluster.server, server.hasPrefix("https://") || server.hasPrefix("http://") else {
            throw AccessError(
                file: file, field: path + ".server", "\"\(cluster.server ?? "")\" is not a URL of https:// or http://")
        }
        guard ProxyChoice.hostAndPort(of: server) != nil else {
            throw AccessError(
                file: file, field: path + ".server", "\"\(server)\" does not name a host, and a port of 1-65535 if any")
        }
        var access = Access(server: server.hasSuffix("/") ? String(server.dropLast()) : server)
        access.origin = file
        access.authority = try bytes(
            cluster.certificateAuthorityData, cluster.certificateAuthority, path, .authority)
        access.serverName = cluster.tlsServerName.flatMap { $0.isEmpty ? nil : $0 }
        access.isUnverified = cluster.insecureSkipTLSVerify ?? false
        guard !access.isUnverified || access.authority == nil else {
            throw AccessError(
                file: file, field: path,
                "insecure-skip-tls-verify has no certificate verified, so certificate-authority would be of no use: leave "
                    + "out one of them")
        }
        access.compresses = !(cluster.disableCompression ?? false)
        access.proxy = cluster.proxyURL.flatMap { $0.isEmpty ? nil : $0 } ?? ProxyChoice.proxy(for: server, environment)
        if let name = context.user, !name.isEmpty {
            guard let index = content.users?.firstIndex(where: { $0.name == name }) else {
                throw AccessError(file: file, field: "users", "there is none of the name \"\(name)\"")
            }
            access.identity = try identity(
                content.users?[index].user ?? User(), "users[\(index)].user", server: cluster)
        }
        return access
    }

    private func context(named name: String?) throws(AccessError) -> Context {
        guard let name = name ?? content.currentContext, !name.isEmpty else {
            throw AccessError(file: file, field: "current-context", "missing; name a context there, or by --context")
        }
        guard let context = content.contexts?.first(where: { $0.name == name })?.context else {
            throw AccessError(file: file, field: "contexts", "there is none of the name \"\(name)\"")
        }
        return context
    }

    private func identity(_ user: User, _ path: String, server: Cluster) throws(AccessError) -> Access.Identity {
        var identity = Access.Identity()
        identity.token = user.token.flatMap { $0.isEmpty ? nil : $0 }
        try checkHeader(user.token, path + ".token")
        identity.tokenFile = user.tokenFile.flatMap { $0.isEmpty ? nil : resolved($0) }
        identity.certificate = try bytes(user.clientCertificateData, user.clientCertificate, path, .certificate)
        identity.key = try bytes(user.clientKeyData, user.clientKey, path, .key)
        guard (identity.certificate == nil) == (identity.key == nil) else {
            throw AccessError(file: file, field: path, "client-certificate and client-key go together; one is missing")
        }
        if let name = user.username, !name.isEmpty {
            identity.basic = .init(user: name, password: user.password ?? "")
        }
        identity.impersonation = try impersonation(user, path)
        if let exec = user.exec { identity.plugin = try plugin(exec, path + ".exec", server) }
        if user.authProvider != nil {
            throw AccessError(
                file: file, field: path + ".auth-provider", "Kubernetes removed this in 1.26; use an exec plugin")
        }
        return identity
    }

    private func impersonation(_ user: User, _ path: String) throws(AccessError) -> Impersonation? {
        guard let name = user.as, !name.isEmpty else {
            guard user.asUID?.isEmpty != false, user.asGroups?.isEmpty != false, user.asUserExtra?.isEmpty != false
            else {
                throw AccessError(
                    file: file, field: path + ".as",
                    "missing; as-uid, as-groups and as-user-extra need the name of a user")
            }
            return nil
        }
        var impersonation = Impersonation(user: name)
        impersonation.uid = user.asUID.flatMap { $0.isEmpty ? nil : $0 }
        (impersonation.groups, impersonation.extra) = (user.asGroups ?? [], user.asUserExtra ?? [:])
        try checkHeader(name, path + ".as")
        try checkHeader(user.asUID, path + ".as-uid")
        for (index, group) in impersonation.groups.enumerated() {
            try checkHeader(group, "\(path).as-groups[\(index)]")
        }
        for (key, values) in impersonation.extra.sorted(by: { $0.key < $1.key }) {
            for value in values { try checkHeader(value, "\(path).as-user-extra[\(key)]") }
        }
        return impersonation
    }

    /// Throws where a text cannot be sent to a server.
    private func checkHeader(_ text: String?, _ field: String) throws(AccessError) {
        if let problem = text?.headerProblem { throw AccessError(file: file, field: field, "this " + problem) }
    }

    private func plugin(_ exec: Exec, _ path: String, _ cluster: Cluster) throws(AccessError) -> CredentialPlugin {
        guard let command = exec.command, !command.isEmpty else {
            throw AccessError(file: file, field: path + ".command", "missing; it names the program to run")
        }
        guard let version = exec.apiVersion, CredentialPlugin.apiVersions.contains(version) else {
            throw AccessError(
                file: file, field: path + ".apiVersion",
                "\"\(exec.apiVersion ?? "")\" is not one of \(CredentialPlugin.apiVersions.joined(separator: ", "))")
        }
        if exec.interactiveMode == "Always" {
            throw AccessError(
                file: file, field: path + ".interactiveMode", "nobody is there to answer the plugin's questions")
        }
        var plugin = CredentialPlugin(command: command.contains("/") ? resolved(command) : command)
        plugin.arguments = exec.args ?? []
        plugin.environment = (exec.env ?? []).map { ($0.name ?? "", $0.value ?? "") }.filter { !$0.0.isEmpty }
            .reduce(into: [:]) { $0[$1.0] = $1.1 }
        plugin.apiVersion = version
        plugin.installHint = exec.installHint ?? ""
        if exec.provideClusterInfo == true {
            var told = CredentialPlugin.Cluster(server: cluster.server ?? "")
            told.tlsServerName = cluster.tlsServerName
            told.insecureSkipTLSVerify = cluster.insecureSkipTLSVerify
            told.proxyURL = cluster.proxyURL
            told.config = cluster.extensions?.first { $0.name == Self.pluginExtension }?.extension
            let authority = try bytes(
                cluster.certificateAuthorityData, cluster.certificateAuthority, path, .authority)
            switch authority {
            case .bytes(let bytes): told.certificateAuthorityData = Data(bytes).base64EncodedString()
            case .file(let file):
                told.certificateAuthorityData = (try? FileContent.contents(of: file))?.base64EncodedString()
            case nil: break
            }
            plugin.cluster = told
        }
        plugin.origin = "\(file): \(path)"
        return plugin
    }

    /// What stands in a `-data` field, or in the file that the field without it names. The data comes first.
    ///
    /// - Throws: where the data are not what the field takes, or the file cannot be read. What stands in the file may be another
    ///   when it is needed.
    private func bytes(_ data: String?, _ path: String?, _ parent: String, _ pem: PEM) throws(AccessError)
        -> Access.Content?
    {
        if let data, !data.isEmpty {
            // Lines may be broken, as `base64` prints them.
            let field = "\(parent).\(pem.dataField)"
            guard let decoded = Data(base64Encoded: data.filter { !$0.isNewline }) else {
                throw AccessError(file: file, field: field, "this is not base64")
            }
            let bytes = [UInt8](decoded)
            guard pem.accepts(bytes) else { throw AccessError(file: file, field: field, pem.complaint) }
            return .bytes(bytes)
        }
        guard let path, !path.isEmpty else { return nil }
        let resolved = resolved(path)
        guard FileManager.default.isReadableFile(atPath: resolved) else {
            throw AccessError(
                file: file, field: "\(parent).\(pem.rawValue)", "\(resolved) cannot be read", isUnreadable: true)
        }
        return .file(resolved)
    }

    /// A path of the file, which counts from the file's folder.
    private func resolved(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}

// MARK: - The file

extension Kubeconfig {
    /// An entry of one of the lists.
    fileprivate struct Named: Decodable, Sendable {
        let name: String?
        let cluster: Cluster?
        let user: User?
        let context: Context?
    }

    fileprivate struct Content: Decodable, Sendable {
        let clusters: [Named]?
        let users: [Named]?
        let contexts: [Named]?
        let currentContext: String?

        enum CodingKeys: String, CodingKey { case clusters, users, contexts, currentContext = "current-context" }
    }

    fileprivate struct Context: Decodable, Sendable {
        let cluster: String?
        let user: String?
    }

    fileprivate struct Cluster: Decodable, Sendable {
        let server: String?
        let certificateAuthority: String?
        let certificateAuthorityData: String?
        let tlsServerName: String?
        let insecureSkipTLSVerify: Bool?
        let proxyURL: String?
        let disableCompression: Bool?
        let extensions: [Extension]?

        struct Extension: Decodable, Sendable {
            let name: String?
            let `extension`: DocumentValue?
        }

        enum CodingKeys: String, CodingKey {
            case server, extensions
            case certificateAuthority = "certificate-authority"
            case certificateAuthorityData = "certificate-authority-data"
            case tlsServerName = "tls-server-name"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case proxyURL = "proxy-url"
            case disableCompression = "disable-compression"
        }
    }

    fileprivate struct User: Decodable, Sendable {
        var token: String?
        var tokenFile: String?
        var username: String?
        var password: String?
        var clientCertificate: String?
        var clientCertificateData: String?
        var clientKey: String?
        var clientKeyData: String?
        var `as`: String?
        var asUID: String?
        var asGroups: [String]?
        var asUserExtra: [String: [String]]?
        var exec: Exec?
        var authProvider: Ignored?

        struct Ignored: Decodable, Sendable {
            init(from decoder: any Decoder) {}
        }

        enum CodingKeys: String, CodingKey {
            case token, tokenFile, username, password, exec, `as`
            case asUID = "as-uid"
            case asGroups = "as-groups"
            case asUserExtra = "as-user-extra"
            case clientCertificate = "client-certificate"
            case clientCertificateData = "client-certificate-data"
            case clientKey = "client-key"
            case clientKeyData = "client-key-data"
            case authProvider = "auth-provider"
        }
    }

    fileprivate struct Exec: Decodable, Sendable {
        struct Variable: Decodable, Sendable {
            let name: String?
            let value: String?
        }
        let apiVersion: String?
        let command: String?
        let args: [String]?
        let env: [Variable]?
        let installHint: String?
        let interactiveMode: String?
        let provideClusterInfo: Bool?
    }
}

extension DecodingError {
    fileprivate var codingPath: [any CodingKey] {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context.codingPath
        @unknown default: []
        }
    }

    /// What should stand there.
    var expectation: String {
        guard case .typeMismatch(let type, _) = self else { return "this is not a kubeconfig" }
        return switch type {
        case is String.Type: "this is not a string"
        case is Bool.Type: "this is not true or false"
        case is any RangeReplaceableCollection.Type: "this is not a list"
        default: "this is not an object"
        }
    }
}
