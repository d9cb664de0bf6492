// SPDX-License-Identifier: Apache-2.0

internal import AsyncHTTPClient
internal import FoundationEssentials
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// Asks an API server, over HTTP/2 where TLS agrees on it.
///
/// It is a class since it owns connections, which are closed by ``shutdown()``.
package final class APIClient: Sendable {
    private let access: Access
    private let credentials: Credentials
    private let state: Mutex<State>

    fileprivate struct State {
        /// Those that new requests use.
        var newest: Connections
        /// Those from before, which are in use still.
        var older: [Connections] = []
    }

    /// Connections that were made under the same circumstances.
    fileprivate struct Connections {
        let number: Int
        let http: HTTPClient
        /// How many requests are under way.
        var users = 0
    }

    /// An answer with code 200, whose body is still on its way.
    struct Answer {
        let type: MediaType
        let body: HTTPClientResponse.Body
    }

    /// - Parameter credentialLifetime: after which files with tokens and certificates are read again.
    package init(_ access: Access, credentialLifetime: Duration = .seconds(600)) throws(AccessError) {
        self.access = access
        credentials = Credentials(access, lifetime: credentialLifetime)
        let http = Self.http(try Self.configuration(access))
        state = Mutex(State(newest: Connections(number: 0, http: http)))
    }

    /// Closes all connections; nothing can be asked after that. Who follows closes them when following ends.
    package func shutdown() async {
        for connections in state.withLock({ $0.older + [$0.newest] }) { try? await connections.http.shutdown() }
    }

    /// The number of the connections that are used now.
    var connectionNumber: Int { state.withLock { $0.newest.number } }

    /// Makes new connections for all that is asked from now on, since one of those with a number is dead: a server behind a
    /// broken network says nothing, and HTTP/2 would go on with the connection that there is. Requests that are under way
    /// are left to themselves. Of no effect where it was done already.
    func renewConnections(_ number: Int) {
        guard let configuration = try? Self.configuration(access) else { return }
        let unused = state.withLock { state -> [HTTPClient] in
            guard state.newest.number == number else { return [] }
            state.older.append(state.newest)
            state.newest = Connections(number: number + 1, http: Self.http(configuration))
            return state.takeUnused()
        }
        close(unused)
    }

    private func close(_ unused: [HTTPClient]) {
        guard !unused.isEmpty else { return }
        Task { for http in unused { try? await http.shutdown() } }
    }

    /// Has credentials at hand, as far as they are not: a program that prints some may take its time, in which the server is not
    /// asked.
    func prepare() async throws(RequestError) { _ = try await credential() }

    /// How the server is called in messages, such as `the API server https://192.0.2.1:6443`.
    package var serverName: String { "the API server \(access.shownServer)" }

    /// Asks for a path with a query, and reads the answer while it comes.
    ///
    /// - Parameter silence: of the server. The time that credentials take is not the server's.
    /// - Throws: a ``RequestError``, or what `read` throws.
    func ask<Result>(
        _ path: String, _ query: [(name: String, value: String)], _ silence: SilenceLimit,
        _ read: (Answer) async throws -> Result
    ) async throws -> Result {
        let connections = state.withLock { $0.begin() }
        defer { close(state.withLock { $0.end(connections.number) }) }
        return try await read(try await answer(path, query, silence, connections.http))
    }

    /// Has an object made, whose JSON is given.
    ///
    /// - Throws: where the server refuses, or has not answered within the time.
    func create(_ object: Data, at path: String, within limit: TimeAmount) async throws(RequestError) {
        let connections = state.withLock { $0.begin() }
        defer { close(state.withLock { $0.end(connections.number) }) }
        var request = request(path, [], try await credential())
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(object)
        do {
            let response = try await connections.http.execute(request, timeout: limit)
            guard (200..<300).contains(response.status.code) else { throw await Self.refusal(response) }
        } catch {
            throw RequestError(error)
        }
    }

    /// The answer to a request. Credentials that are refused are read anew, and shown once more.
    private func answer(
        _ path: String, _ query: [(name: String, value: String)], _ silence: SilenceLimit, _ http: HTTPClient
    ) async throws(RequestError) -> Answer {
        let credential = try await silence.pausing(credential)
        do throws(RequestError) {
            return try await answer(path, query, credential, http)
        } catch {
            guard case .refused(let status) = error, status.code == 401 else { throw error }
        }
        await credentials.refused(credential)
        return try await answer(path, query, try await silence.pausing(self.credential), http)
    }

    private func credential() async throws(RequestError) -> Credentials.Credential {
        do throws(AccessError) {
            return try await credentials.current()
        } catch {
            throw .access(error)
        }
    }

    private func answer(
        _ path: String, _ query: [(name: String, value: String)], _ credential: Credentials.Credential,
        _ http: HTTPClient
    ) async throws(RequestError) -> Answer {
        do {
            let request = request(path, query, credential)
            let response = try await http.execute(request, deadline: .distantFuture)
            guard response.status == .ok else { throw await Self.refusal(response) }
            guard let type = response.headers.first(name: "content-type").flatMap(MediaType.init(contentType:)) else {
                throw RequestError.foreign
            }
            return Answer(type: type, body: response.body)
        } catch {
            throw RequestError(error)
        }
    }

    private func request(
        _ path: String, _ query: [(name: String, value: String)], _ credential: Credentials.Credential
    ) -> HTTPClientRequest {
        let text = query.map { "\($0.name)=\($0.value.percentEscaped { "-_.~".utf8.contains($0) })" }.joined(
            separator: "&")
        let server = Self.url(access)
        var request = HTTPClientRequest(url: server + path + (text.isEmpty ? "" : "?" + text))
        request.headers.add(name: "Accept", value: MediaType.accepted)
        request.headers.add(name: "User-Agent", value: "ferrule")
        if access.serverName != nil, let (host, port) = ProxyChoice.hostAndPort(of: access.server) {
            request.headers.add(name: "Host", value: "\(host.contains(":") ? "[\(host)]" : host):\(port)")
        }
        // The HTTP client would ask for compression where nothing is said.
        request.headers.add(name: "Accept-Encoding", value: access.compresses ? "gzip" : "identity")
        if let authorization = credential.authorization {
            request.headers.add(name: "Authorization", value: authorization)
        }
        for (name, value) in access.identity.impersonation?.headers ?? [] {
            request.headers.add(name: name, value: value)
        }
        request.tlsConfiguration = credential.tls
        return request
    }

    /// Why a server refuses: what its `Status` says, or what is known without one.
    private static func refusal(_ response: HTTPClientResponse) async -> RequestError {
        var status = ServerStatus()
        if let type = response.headers.first(name: "content-type").flatMap(MediaType.init(contentType:)),
            let body = try? await response.body.collect(upTo: 1 << 20),
            let told = try? ServerStatus(Data(body.readableBytesView), type)
        {
            status = told
        }
        status.code = Int(response.status.code)
        if status.message.isEmpty, status.reason.isEmpty {
            status.message = "\(response.status.code) \(response.status.reasonPhrase)"
        }
        if let seconds = response.headers.first(name: "retry-after").flatMap(Int.init) {
            status.retryAfterSeconds = seconds
        }
        return .refused(status)
    }

    // MARK: Settings

    /// One thread for all connections: what comes is read elsewhere.
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private static func http(_ configuration: HTTPClient.Configuration) -> HTTPClient {
        HTTPClient(eventLoopGroupProvider: .shared(loops), configuration: configuration)
    }

    /// Where requests go: the client takes the host of the URL for the name that the certificate must have.
    private static func url(_ access: Access) -> String {
        guard let name = access.serverName, let (_, port) = ProxyChoice.hostAndPort(of: access.server),
            let start = access.server.firstRange(of: "://")?.upperBound
        else { return access.server }
        let path = access.server[start...].drop { $0 != "/" }
        return "\(access.server[..<start])\(name):\(port)\(path)"
    }

    private static func configuration(_ access: Access) throws(AccessError) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.decompression = .enabled(limit: .none)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.http1_1ConnectionDebugInitializer = { $0.keepAlive() }
        configuration.http2ConnectionDebugInitializer = { $0.keepAlive() }
        configuration.http2StreamChannelDebugInitializer = { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(BodyGatherer(), position: .first)
            }
        }
        if let name = access.serverName, let (host, _) = ProxyChoice.hostAndPort(of: access.server) {
            configuration.dnsOverride = [name: host]
        }
        if let proxy = access.proxy { configuration.proxy = try self.proxy(proxy, access) }
        return configuration
    }

    private static func proxy(_ url: String, _ access: Access) throws(AccessError) -> HTTPClient.Configuration.Proxy {
        // The URL itself, which may have a password, is not for a message.
        func error(_ message: String) -> AccessError {
            AccessError(file: access.origin, field: "proxy-url, or the proxy of the environment", message)
        }
        guard let (host, port) = ProxyChoice.hostAndPort(of: url), let parts = URLComponents(string: url) else {
            throw error("this is not a URL with a host, and a port of 1-65535 if any")
        }
        switch parts.scheme {
        case "socks5" where parts.user == nil, "socks5h" where parts.user == nil:
            return .socksServer(host: host, port: port)
        case "socks5", "socks5h":
            throw error("a user is not supported for socks5://, only for http://")
        case "http":
            guard let user = parts.user else { return .server(host: host, port: port) }
            // Both without the percent signs that they need in a URL.
            return .server(
                host: host, port: port, authorization: .basic(username: user, password: parts.password ?? ""))
        case let scheme:
            throw error("\(scheme ?? ""):// is not supported; http:// and socks5:// are")
        }
    }
}

extension APIClient.State {
    /// The connections for a new request.
    fileprivate mutating func begin() -> APIClient.Connections {
        newest.users += 1
        return newest
    }

    /// Notes that a request is over; returns what can be closed.
    fileprivate mutating func end(_ number: Int) -> [HTTPClient] {
        if newest.number == number {
            newest.users -= 1
        } else if let index = older.firstIndex(where: { $0.number == number }) {
            older[index].users -= 1
        }
        return takeUnused()
    }

    /// Old connections that nobody uses any more.
    fileprivate mutating func takeUnused() -> [HTTPClient] {
        let unused = older.filter { $0.users == 0 }
        older.removeAll { $0.users == 0 }
        return unused.map(\.http)
    }
}

extension ServerStatus {
    /// Reads the body of a refusal.
    fileprivate init(_ body: Data, _ type: MediaType) throws {
        switch type {
        case .json: self = try JSONDecoder().decode(ServerStatus.self, from: body)
        case .protobuf:
            let bytes = body.span
            var decoder = WireDecoder()
            self = try decoder.status(bytes, try Envelope(bytes, 0..<bytes.count).message)
        }
    }
}

extension Channel {
    /// Has the kernel find out within a minute that the other side is gone, which may happen without a word.
    fileprivate func keepAlive() -> EventLoopFuture<Void> {
        func tcp(_ option: CInt) -> ChannelOptions.Types.SocketOption {
            .init(level: .tcp, name: .init(rawValue: option))
        }
        let settings: [(ChannelOptions.Types.SocketOption, Int)] = [
            (.init(level: .socket, name: .so_keepalive), 1), (tcp(TCP_KEEPIDLE), 30), (tcp(TCP_KEEPINTVL), 10),
            (tcp(TCP_KEEPCNT), 3),
        ]
        return EventLoopFuture.andAllComplete(
            settings.map { setOption($0.0, value: $0.1) }, on: eventLoop)
    }
}
