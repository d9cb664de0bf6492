// SPDX-License-Identifier: Apache-2.0

internal import FerruleManifests
internal import FoundationEssentials
internal import NIOSSL

/// What a program shows to a server: read from files and plugins when it is first needed, again when it may have changed,
/// and after it was refused.
actor Credentials {
    /// What goes along with a request.
    struct Credential: Sendable {
        /// The value of the header `Authorization`.
        var authorization: String?
        /// nil where the server is asked without TLS.
        var tls: TLSConfiguration?
        /// Tells one reading from the next.
        fileprivate var number = 0
        fileprivate var expiration: ContinuousClock.Instant
    }

    private let access: Access
    /// Files are read again after this time: kubelet writes tokens anew before they expire, about hourly.
    private let lifetime: Duration
    /// After so long it is tried again to read what could not be read.
    private static let retry = Duration.seconds(10)
    private var present: Credential?
    private var number = 0
    /// Several requests that need credentials at the same time wait for one reading.
    private var reading: Reading?

    private struct Reading {
        let task: Task<Result<Credential, AccessError>, Never>
        /// Whether something read before was good still when it began.
        let isAnew: Bool
    }

    init(_ access: Access, lifetime: Duration) { (self.access, self.lifetime) = (access, lifetime) }

    /// What to show now. Where files cannot be read any more, that is what was read of them, until it is refused.
    ///
    /// - Throws: if a file cannot be read or is malformed, or the plugin fails.
    func current() async throws(AccessError) -> Credential {
        if let present, present.expiration > .now { return present }
        let reading = reading ?? begin()
        // Who waits is cancelled only where all comes to its end, and a program that prints credentials does not outlive that.
        let result = await withTaskCancellationHandler {
            await reading.task.value
        } onCancel: {
            reading.task.cancel()
        }
        if self.reading?.task == reading.task { self.reading = nil }
        if case .failure(let error) = result, error.isUnreadable {
            if var present {
                present.expiration = .now + min(lifetime, Self.retry)
                self.present = present
                return present
            }
            // What was good still has been refused meanwhile: now a token that is given may take the file's place.
            if reading.isAnew { return try await current() }
        }
        let credential = try result.get()
        if credential.number > number { (present, number) = (credential, credential.number) }
        return credential
    }

    private func begin() -> Reading {
        let isAnew = present != nil
        let task = Task { [access, lifetime, number] in
            do throws(AccessError) {
                return Result<Credential, AccessError>.success(
                    try await Self.read(access, lifetime: lifetime, number: number + 1, isAnew: isAnew))
            } catch {
                return .failure(error)
            }
        }
        let reading = Reading(task: task, isAnew: isAnew)
        self.reading = reading
        return reading
    }

    /// Notes that the server has refused what was shown, so that it is read anew; of no effect where it was already.
    func refused(_ credential: Credential) {
        if present?.number == credential.number { present = nil }
    }

    /// Reads what there is.
    ///
    /// - Parameter isAnew: whether something was read before that is good still: then a token that is given takes no file's place.
    private static func read(
        _ access: Access, lifetime: Duration, number: Int, isAnew: Bool
    ) async throws(AccessError) -> Credential {
        let identity = access.identity
        var credential = Credential(number: number, expiration: .now + lifetime)
        var token = identity.token
        if let file = identity.tokenFile {
            do throws(AccessError) {
                token = try self.token(in: file)
            } catch {
                guard token != nil, !isAnew else { throw error }
                credential.expiration = .now + min(lifetime, retry)
            }
        }
        var (certificate, key) = (identity.certificate, identity.key)
        if token == nil, identity.basic == nil, let plugin = identity.plugin {
            let printed = try await plugin.run()
            token = printed.token
            certificate = printed.certificate.map(Access.Content.bytes) ?? certificate
            key = printed.key.map(Access.Content.bytes) ?? key
            // Until it expires or is refused: running a program is not as cheap as reading a file.
            let seconds = printed.expiration?.timeIntervalSinceNow ?? 365 * 86_400
            credential.expiration = .now + .seconds(max(1, seconds))
        }
        if let token {
            credential.authorization = "Bearer \(token)"
        } else if let basic = identity.basic {
            credential.authorization = "Basic " + Data("\(basic.user):\(basic.password)".utf8).base64EncodedString()
        }
        if access.server.hasPrefix("https://") { credential.tls = try tls(access, certificate, key) }
        return credential
    }

    private static func token(in file: String) throws(AccessError) -> String {
        let text = String(decoding: try read(.file(file)), as: UTF8.self)
        let token = String(text.drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
        // As good as none: whoever writes it has not come to its end yet.
        if token.isEmpty { throw AccessError(file: file, "the token is empty", isUnreadable: true) }
        if let problem = token.headerProblem { throw AccessError(file: file, "the token \(problem)") }
        return token
    }

    private static func tls(
        _ access: Access, _ certificate: Access.Content?, _ key: Access.Content?
    ) throws(AccessError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if access.isUnverified { tls.certificateVerification = .none }
        if let authority = access.authority {
            let bytes = try read(authority)
            let certificates = try parsed(authority, access, .authority) { try PEM.certificates([UInt8](bytes)) }
            tls.trustRoots = .certificates(certificates)
        }
        if let certificate, let key {
            let (chainBytes, keyBytes) = (try read(certificate), try read(key))
            tls.certificateChain = try parsed(certificate, access, .certificate) {
                try PEM.certificates([UInt8](chainBytes)).map { .certificate($0) }
            }
            tls.privateKey = try parsed(key, access, .key) { .privateKey(try PEM.key([UInt8](keyBytes))) }
        }
        return tls
    }

    private static func read(_ content: Access.Content) throws(AccessError) -> Data {
        switch content {
        case .bytes(let bytes): return Data(bytes)
        case .file(let path):
            do {
                return try FileContent.contents(of: path)
            } catch {
                throw .unreadable(path, error)
            }
        }
    }

    private static func parsed<Value>(
        _ content: Access.Content, _ access: Access, _ field: PEM, _ parse: () throws -> Value
    ) throws(AccessError) -> Value {
        do {
            return try parse()
        } catch {
            switch content {
            case .file(let path): throw AccessError(file: path, "this is not a \(field.rawValue) in PEM")
            case .bytes: throw AccessError(file: access.origin, field: field.dataField, field.complaint)
            }
        }
    }
}
