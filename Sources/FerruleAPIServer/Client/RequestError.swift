// SPDX-License-Identifier: Apache-2.0

internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP2
internal import NIOPosix
internal import NIOSSL
internal import SystemPackage

/// Why a request was not answered as it should be.
package enum RequestError: Error, Sendable, Hashable {
    /// No answer has come; why.
    case unreachable(String)
    /// The server has refused the request.
    case refused(ServerStatus)
    /// Something is answered that is not understood.
    case unreadable(String)
    /// What is answered is neither protobuf nor JSON, so it is no API server that answers.
    case foreign
    /// It cannot be told how, or as whom, to ask.
    case access(AccessError)
    /// Nothing has come for this time.
    case silent(Duration)
}

extension RequestError: CustomStringConvertible {
    package var description: String { words(for: "the API server") }

    /// The error in words.
    ///
    /// - Parameter server: how the server is called.
    package func words(for server: String) -> String {
        switch self {
        case .unreachable(let reason): "\(server) cannot be reached: \(reason)"
        case .refused(let status): "\(server) refuses: \(status)"
        case .unreadable(let reason): reason
        case .foreign: "\(server) answers in a form that is neither protobuf nor JSON"
        case .access(let error): error.description
        case .silent(let duration): "\(server) has said nothing for \(duration.components.seconds) s"
        }
    }

    /// Whether it is about the server as a whole, whatever it was asked for.
    package var concernsServer: Bool {
        switch self {
        case .unreachable, .foreign, .access, .silent: true
        case .refused(let status): status.concernsServer
        case .unreadable: false
        }
    }
}

extension RequestError {
    /// What an error of the HTTP client means.
    init(_ error: any Error) {
        switch error {
        case let error as RequestError: self = error
        case let error as AccessError: self = .access(error)
        case let error as UnreadableAnswer: self = .unreadable(error.description)
        default: self = .unreachable(Self.reason(of: error))
        }
    }

    private static func reason(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return reason(of: first.error) }
            return "the name \(error.host) is not known"
        case let error as IOError: return Errno(rawValue: error.errnoCode).description.lowercased()
        case NIOSSLError.handshakeFailed(let cause):
            let text = "\(cause)"
            if text.contains("EOF") { return "it closed the connection" }
            return text.contains("CERTIFICATE_VERIFY_FAILED")
                ? "its certificate is not trusted" : "no secure connection can be made (\(text))"
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return "its certificate is not of this server"
        case let error as HTTPClientError:
            switch error {
            case .remoteConnectionClosed: return "it closed the connection"
            case .connectTimeout: return "it does not answer"
            default: return error.shortDescription
            }
        // A stream is ended by either side, or with its connection: which of them says nothing to a reader.
        case is any NIOHTTP2Error: return "it broke off the answer"
        case is CancellationError: return "the request was given up"
        case ChannelError.connectTimeout: return "it does not answer"
        case ChannelError.ioOnClosedChannel, ChannelError.eof: return "it closed the connection"
        default: return "\(error)"
        }
    }
}
