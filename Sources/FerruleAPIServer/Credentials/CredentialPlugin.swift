// SPDX-License-Identifier: Apache-2.0

package import FerruleManifests
internal import FoundationEssentials
internal import Subprocess
internal import SystemPackage

/// A program that prints credentials (`exec` in a kubeconfig); see
/// <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins>.
package struct CredentialPlugin: Sendable, Hashable {
    /// What is told of the cluster where the plugin asks for it (`provideClusterInfo`).
    package struct Cluster: Sendable, Hashable, Encodable {
        package var server: String
        package var tlsServerName: String?
        package var insecureSkipTLSVerify: Bool?
        package var certificateAuthorityData: String?
        package var proxyURL: String?
        /// What the kubeconfig says for the plugin alone.
        package var config: DocumentValue?

        package init(server: String) { self.server = server }

        private enum CodingKeys: String, CodingKey {
            case server, config
            case tlsServerName = "tls-server-name"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case certificateAuthorityData = "certificate-authority-data"
            case proxyURL = "proxy-url"
        }
    }

    /// What the plugin has printed.
    struct Credential: Sendable, Hashable {
        var token: String?
        /// In PEM.
        var certificate: [UInt8]?
        var key: [UInt8]?
        /// When it is to be run again; nil for when it is refused.
        var expiration: Date?
    }

    static let apiVersions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
    /// A plugin that asks somebody something would never end.
    private static let timeLimit = Duration.seconds(60)
    /// How many bytes a credential may have.
    private static let outputLimit = 1 << 20
    /// How many characters are kept of the last line of what it says on standard error.
    private static let longestWords = 1000

    /// A path, or the name of a program that is looked for in `PATH`.
    package var command: String
    package var arguments: [String] = []
    package var environment: [String: String] = [:]
    package var apiVersion = Self.apiVersions[0]
    /// What to tell a user who has not the program.
    package var installHint = ""
    package var cluster: Cluster?
    /// Where it is named, for messages: a file and a field.
    package var origin = ""

    package init(command: String) { self.command = command }

    /// Runs the program.
    func run() async throws(AccessError) -> Credential {
        let output: String
        do {
            output = try await withThrowingTaskGroup(of: String.self) { group in
                group.addTask { try await start() }
                group.addTask {
                    try await Task.sleep(for: Self.timeLimit)
                    throw problem("it did not end within \(Self.timeLimit.components.seconds) s")
                }
                defer { group.cancelAll() }
                return try await group.next() ?? ""
            }
        } catch let error as AccessError {
            throw error
        } catch {
            throw problem(words(error))
        }
        return try credential(in: output)
    }

    /// Why there is no output, in a line.
    private func words(_ error: any Error) -> String {
        let error = error as? SubprocessError
        if error?.code == .outputLimitExceeded { return "it printed more than \(Self.outputLimit) bytes" }
        let reason =
            switch error?.code {
            case .executableNotFound? where !command.contains("/"): "no folder of PATH has such a program to execute"
            case .executableNotFound?:
                FileManager.default.fileExists(atPath: command) ? "it may not be executed" : "there is no such file"
            default: error?.underlyingError.map { $0.description.lowercased() } ?? "the system does not say why"
            }
        let hint = installHint.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "it cannot be run: \(reason)\(hint.isEmpty ? "" : " (hint: \(hint))")"
    }

    private func start() async throws -> String {
        var variables: [Environment.Key: String?] = [:]
        for (name, value) in environment.merging(["KUBERNETES_EXEC_INFO": try request], uniquingKeysWith: { $1 }) {
            if let key = Environment.Key(rawValue: name) { variables.updateValue(value, forKey: key) }
        }
        var options = PlatformOptions()
        // What it starts itself ends with it: all of that is a process group of its own.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(200))
        ]
        let executable: Executable = command.contains("/") ? .path(FilePath(command)) : .name(command)
        let result = try await Subprocess.run(
            executable, arguments: Arguments(arguments), environment: .inherit.updating(variables),
            platformOptions: options, input: .none, output: .string(limit: Self.outputLimit), error: .sequence
        ) { execution in
            var last = ""
            for try await line in execution.standardError.strings(bufferingPolicy: .unbounded) where !line.isEmpty {
                last = String(line.suffix(Self.longestWords))
            }
            return last
        }
        let end =
            switch result.terminationStatus {
            case .exited(0): ""
            case .exited(let code): "it ended with status \(code)"
            case .signaled(let number): "signal \(number) ended it"
            }
        let said = result.closureResult
        guard end.isEmpty else { throw problem(said.isEmpty ? end : "\(end): \(said)") }
        return result.standardOutput
    }

    private struct Request: Encodable {
        struct Spec: Encodable {
            let interactive = false
            let cluster: Cluster?
        }
        let apiVersion: String
        let kind = "ExecCredential"
        let spec: Spec
    }

    /// The variable by which the plugin is told what is asked of it.
    private var request: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let data = try encoder.encode(Request(apiVersion: apiVersion, spec: .init(cluster: cluster)))
            return String(decoding: data, as: UTF8.self)
        }
    }

    private struct Answer: Decodable {
        struct Status: Decodable {
            let token: String?
            let clientCertificateData: String?
            let clientKeyData: String?
            let expirationTimestamp: String?
        }
        let apiVersion: String?
        let kind: String?
        let status: Status?
    }

    /// What the program has printed, as a credential.
    func credential(in output: String) throws(AccessError) -> Credential {
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(output.utf8)),
            answer.kind == "ExecCredential"
        else {
            throw problem("it did not print an ExecCredential")
        }
        guard answer.apiVersion == apiVersion else {
            throw problem("it printed an ExecCredential of \(answer.apiVersion ?? "no version"), not of \(apiVersion)")
        }
        let status = answer.status
        // Empty is as good as absent.
        func bytes(_ text: String?) -> [UInt8]? { text.flatMap { $0.isEmpty ? nil : Array($0.utf8) } }
        var credential = Credential()
        credential.token = status?.token.flatMap { $0.isEmpty ? nil : $0 }
        if let words = credential.token?.headerProblem { throw problem("it printed a token that \(words)") }
        (credential.certificate, credential.key) = (bytes(status?.clientCertificateData), bytes(status?.clientKeyData))
        for (content, pem) in [(credential.certificate, PEM.certificate), (credential.key, .key)] {
            guard let content, !pem.accepts(content) else { continue }
            throw problem("what it printed as \(pem == .key ? "clientKeyData" : "clientCertificateData") is not in PEM")
        }
        guard (credential.certificate == nil) == (credential.key == nil) else {
            throw problem("it printed a certificate or a key without the other")
        }
        guard credential.token != nil || credential.certificate != nil else {
            throw problem("it printed neither a token nor a certificate")
        }
        if let text = status?.expirationTimestamp {
            guard let date = Date(serverTime: text) else { throw problem("\"\(text)\" is not a time") }
            credential.expiration = date
        }
        return credential
    }

    private func problem(_ message: String) -> AccessError {
        AccessError(file: origin.isEmpty ? nil : origin, "\(command): \(message)")
    }
}
