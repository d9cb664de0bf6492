// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Synchronization

/// A forge at a local port, as far as the pipelines know one: the comments of one request, in pages, for those who have
/// the token.
///
/// It answers the paths of GitHub's `issues/N/comments` and `issues/comments/ID`, and of GitLab's `user`, `notes` and
/// `notes/ID`, with what both of them have in an answer. Of GitHub is the limit of what a comment may have.
final class CommentServer: Sendable {
    struct Comment: Sendable, Equatable {
        let id: Int
        let author: Author
        var body: String
    }

    enum Author: Int, Sendable {
        /// Whoever has the token.
        case pipeline = 7
        case somebody = 8

        var login: String { self == .pipeline ? "github-actions[bot]" : "somebody" }
    }

    static let token = "a token"

    private let state: State
    private let listener: Int32
    /// Where it is found: `http://127.0.0.1:PORT`.
    let url: String

    init(comments: [Comment] = []) throws {
        let state = State(comments)
        let (listener, port) = try CommentServer.listen()
        self.state = state
        self.listener = listener
        url = "http://127.0.0.1:\(port)"
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                if let request = Request(from: connection) { state.answer(request).send(to: connection) }
                close(connection)
            }
            close(listener)
        }
    }

    /// Ends the thread, which waits for a connection.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    var comments: [Comment] { state.comments.withLock { $0 } }

    private static func listen() throws -> (listener: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(listener, pointer, length) | Glibc.listen(listener, 8)
                    | getsockname(listener, pointer, &length)
            }
        }
        guard listener >= 0, result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return (listener, UInt16(bigEndian: address.sin_port))
    }
}

extension CommentServer {
    private final class State: Sendable {
        let comments: Mutex<[Comment]>

        init(_ comments: [Comment]) { self.comments = Mutex(comments) }

        func answer(_ request: Request) -> Response {
            guard request.hasToken else { return Response(status: 401, object: ["message": "no token"]) }
            guard request.comment.unicodeScalars.count <= 65_536 else {
                return Response(status: 422, object: ["message": "body is too long"])
            }
            return comments.withLock { comments in
                switch (request.method, request.path) {
                case ("GET", "/user"): return Response(status: 200, object: ["id": Author.pipeline.rawValue])
                case ("GET", "/repos/shop/cluster/issues/5/comments"),
                    ("GET", "/projects/3/merge_requests/5/notes"):
                    let page = comments.dropFirst((request.page - 1) * 100).prefix(100)
                    return Response(status: 200, object: page.map(\.object))
                case ("POST", "/repos/shop/cluster/issues/5/comments"),
                    ("POST", "/projects/3/merge_requests/5/notes"):
                    let comment = Comment(id: 1000 + comments.count, author: .pipeline, body: request.comment)
                    comments.append(comment)
                    return Response(status: 201, object: comment.object)
                case ("PATCH", let path), ("PUT", let path):
                    guard path.hasPrefix("/repos/shop/cluster/issues/comments/") == (request.method == "PATCH"),
                        let index = comments.firstIndex(where: { path.hasSuffix("/\($0.id)") })
                    else { return Response(status: 404, object: ["message": "no such comment"]) }
                    comments[index].body = request.comment
                    return Response(status: 200, object: comments[index].object)
                default: return Response(status: 404, object: ["message": "no such path"])
                }
            }
        }
    }

    /// A request of HTTP/1.1 whose body has a length.
    private struct Request {
        let method: String
        let path: String
        let page: Int
        let hasToken: Bool
        /// The comment that is to be written.
        let comment: String

        init?(from connection: Int32) {
            var bytes: [UInt8] = []
            func receive(until isComplete: () -> Bool) -> Bool {
                while !isComplete() {
                    var buffer = [UInt8](repeating: 0, count: 65_536)
                    let count = unsafe read(connection, &buffer, buffer.count)
                    guard count > 0 else { return false }
                    bytes += buffer[..<count]
                }
                return true
            }
            let end = Array("\r\n\r\n".utf8)
            guard receive(until: { bytes.firstRange(of: end) != nil }), let head = bytes.firstRange(of: end) else {
                return nil
            }
            let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            let headers = lines.dropFirst().map { $0.lowercased() }
            let length = headers.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
            guard receive(until: { bytes.count >= head.upperBound + length }) else { return nil }
            let words = (lines.first ?? "").split(separator: " ")
            guard words.count == 3, let components = URLComponents(string: String(words[1])) else { return nil }
            method = String(words[0])
            path = components.path
            page = components.queryItems?.first { $0.name == "page" }?.value.flatMap { Int($0) } ?? 1
            hasToken =
                headers.contains("authorization: bearer \(CommentServer.token)")
                || headers.contains("private-token: \(CommentServer.token)")
            let body = try? JSONDecoder().decode([String: String].self, from: Data(bytes[head.upperBound...]))
            comment = body?["body"] ?? ""
        }
    }

    private struct Response {
        let status: Int
        let object: Any

        func send(to connection: Int32) {
            let body = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
            let head = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
            let bytes = Array(head.utf8) + body
            unsafe bytes.withUnsafeBytes { buffer in
                var sent = 0
                while sent < buffer.count {
                    let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                    let count = unsafe Glibc.send(connection, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                    guard count > 0 else { return }
                    sent += count
                }
            }
        }
    }
}

extension CommentServer.Comment {
    fileprivate var object: [String: Any] {
        ["id": id, "user": ["login": author.login], "author": ["id": author.rawValue], "body": body]
    }
}
