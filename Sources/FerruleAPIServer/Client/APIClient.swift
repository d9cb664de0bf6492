// SPDX-License-Identifier: Apache-2.0

internal import AsyncHTTPClient
internal import FoundationEssentials
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPCompression
internal import NIOSSL
internal import Synchronization

/// Asks an API server, over HTTP/2 where TLS agrees on it.
///
/// It is a class since it owns connections, which are closed by ``shutdown()``.
package final class APIClient: Sendable {
    private let access: Access
    private let credentials: Credentials
    private let state: Mutex<State>

    private struct State {
        var http: HTTPClient
        /// How often ``http`` was made anew.
        var generation = 0
    }

    /// An answer with code 200, whose body is still on its way.
    struct Answer {
        let type: MediaType
        let body: HTTPClientResponse.Body
        /// Which connections it comes over, for ``APIClient/renew(_:)``.
        let generation: Int
    }

    /// - Parameter credentialLifetime: after which files with tokens and certificates are read again.
    package init(_ access: Access, credentialLifetime: Duration = .seconds(600)) throws(AccessError) {
        self.access = access
        credentials = Credentials(access, lifetime: credentialLifetime)
        state = Mutex(State(http: HTTPClient(configuration: try Self.configuration(access))))
    }

    /// Closes all connections. Nothing can be asked after that.
    package func shutdown() async {
        let http = state.withLock { $0.http }
        try? await http.shutdown()
    }

    /// Makes new connections for all that is asked from now on, since one of those that were used is dead: a server behind a
    /// broken network says nothing, and HTTP/2 would go on with the connection that there is. Of no effect where that was
    /// done since the answer.
    func renew(_ generation: Int) {
        let old = state.withLock { state -> HTTPClient? in
            guard state.generation == generation, let configuration = try? Self.configuration(access) else {
                return nil
            }
            defer { state = State(http: HTTPClient(configuration: configuration), generation: generation + 1) }
            return state.http
        }
        if let old { Task { try? await old.shutdown() } }
    }

    /// The number of the connections that are used now.
    var generation: Int { state.withLock { $0.generation } }

    /// Asks for a path with a query, and waits until the body begins.
    ///
    /// Credentials that are refused are read anew, and shown once more.
    func get(_ path: String, _ query: [(name: String, value: String)]) async throws(RequestError) -> Answer {
        do {
            let credential = try await credentials.current()
            do throws(RequestError) {
                return try await get(path, query, credential)
            } catch .refused(let status, _) where status.code == 401 {
                await credentials.refused(credential)
                return try await get(path, query, try await credentials.current())
            }
        } catch {
            throw RequestError(error)
        }
    }

    private func get(
        _ path: String, _ query: [(name: String, value: String)], _ credential: Credentials.Credential
    ) async throws(RequestError) -> Answer {
        let (http, generation) = state.withLock { ($0.http, $0.generation) }
        do {
            let request = request(path, query, credential)
            let response = try await http.execute(request, deadline: .distantFuture)
            guard response.status == .ok else { throw await Self.refusal(response) }
            guard let type = response.headers.first(name: "content-type").flatMap(MediaType.init(contentType:)) else {
                throw RequestError.unreadable("the server answers in a form that is neither protobuf nor JSON")
            }
            return Answer(type: type, body: response.body, generation: generation)
        } catch {
            throw RequestError(error)
        }
    }

    private func request(
        _ path: String, _ query: [(name: String, value: String)], _ credential: Credentials.Credential
    ) -> HTTPClientRequest {
        let text = query.map { "\($0.name)=\($0.value.queryEscaped)" }.joined(separator: "&")
        let server = Self.url(access)
        var request = HTTPClientRequest(url: server + path + (text.isEmpty ? "" : "?" + text))
        request.headers.add(name: "Accept", value: MediaType.accepted)
        request.headers.add(name: "User-Agent", value: "ferrule")
        if access.serverName != nil, let (host, port) = ProxyChoice.hostAndPort(of: access.server) {
            request.headers.add(name: "Host", value: "\(host.contains(":") ? "[\(host)]" : host):\(port)")
        }
        if access.compresses { request.headers.add(name: "Accept-Encoding", value: "gzip") }
        if let authorization = credential.authorization {
            request.headers.add(name: "Authorization", value: authorization)
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
        var wait = response.headers.first(name: "retry-after").flatMap(Int.init)
        if wait == nil, status.retryAfterSeconds > 0 { wait = status.retryAfterSeconds }
        return .refused(status, retryAfter: wait.map { .seconds(min(max($0, 0), 3600)) })
    }

    // MARK: Settings

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
        if let name = access.serverName, let (host, _) = ProxyChoice.hostAndPort(of: access.server) {
            configuration.dnsOverride = [name: host]
        }
        if let proxy = access.proxy { configuration.proxy = try self.proxy(proxy, access) }
        return configuration
    }

    private static func proxy(_ url: String, _ access: Access) throws(AccessError) -> HTTPClient.Configuration.Proxy {
        guard let (host, port) = ProxyChoice.hostAndPort(of: url), let end = url.firstRange(of: "://") else {
            throw AccessError(file: access.origin, field: "proxy-url", "\"\(url)\" is not a URL")
        }
        switch url[..<end.lowerBound] {
        case "socks5", "socks5h": return .socksServer(host: host, port: port)
        case "http":
            let user = url[end.upperBound...].prefix { $0 != "/" }.split(separator: "@", maxSplits: 1)
            guard user.count == 2 else { return .server(host: host, port: port) }
            let encoded = Data(user[0].utf8).base64EncodedString()
            return .server(host: host, port: port, authorization: .basic(credentials: encoded))
        case let scheme:
            throw AccessError(
                file: access.origin, field: "proxy-url", "\(scheme):// is not supported; http:// and socks5:// are")
        }
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

extension String {
    /// As a value of a query (RFC 3986): all but letters, digits and four signs as `%XX`.
    fileprivate var queryEscaped: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
