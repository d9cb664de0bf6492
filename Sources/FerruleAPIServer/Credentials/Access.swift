// SPDX-License-Identifier: Apache-2.0

/// How to reach an API server, and as whom.
package struct Access: Sendable, Hashable {
    /// Bytes that stand in a file, which may change, or that are given.
    package enum Content: Sendable, Hashable {
        case file(String)
        case bytes([UInt8])
    }

    /// How the program shows who it is.
    package struct Identity: Sendable, Hashable {
        package var token: String?
        /// Comes before ``token``, as long as it can be read.
        package var tokenFile: String?
        package var basic: Basic?
        /// Whom to act as, where that is somebody else.
        package var impersonation: Impersonation?
        /// In PEM, with what else is needed to verify it.
        package var certificate: Content?
        package var key: Content?
        /// Is asked for no token where one is given.
        package var plugin: CredentialPlugin?

        package init() {}

        package struct Basic: Sendable, Hashable {
            package var user: String
            package var password: String
        }
    }

    /// `https://HOST:PORT`, with a path where the server is behind one; no slash at the end.
    package var server: String
    /// The certificates that are trusted, in PEM; nil for those that the system trusts.
    package var authority: Content?
    /// The name that the server's certificate must have, where that is not the host of ``server``.
    package var serverName: String?
    /// Whether any certificate is taken (`insecure-skip-tls-verify`).
    package var isUnverified = false
    /// `http://[USER:PASSWORD@]HOST:PORT` or `socks5://HOST:PORT`; nil for none.
    package var proxy: String?
    /// Whether the server is asked to compress lists.
    package var compresses = true
    package var identity = Identity()
    /// The file that this was read from, for messages.
    package var origin: String?

    package init(server: String) { self.server = server }

    /// ``server`` for messages: without a user and a password, which a URL may have.
    var shownServer: String {
        guard let start = server.firstRange(of: "://")?.upperBound,
            let at = server[start...].prefix(while: { $0 != "/" }).lastIndex(of: "@")
        else { return server }
        return String(server[..<start] + server[server.index(after: at)...])
    }
}
