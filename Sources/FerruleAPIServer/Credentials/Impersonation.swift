// SPDX-License-Identifier: Apache-2.0

/// Whom a program acts as, where the server lets it: the fields `as`, `as-uid`, `as-groups` and `as-user-extra` of a kubeconfig; see
/// <https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/>.
package struct Impersonation: Sendable, Hashable {
    package var user: String
    package var uid: String?
    package var groups: [String] = []
    package var extra: [String: [String]] = [:]

    package init(user: String) { self.user = user }

    /// The headers that say so.
    var headers: [(name: String, value: String)] {
        var headers = [(name: "Impersonate-User", value: user)]
        if let uid { headers.append(("Impersonate-Uid", uid)) }
        for group in groups { headers.append(("Impersonate-Group", group)) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            for value in values { headers.append(("Impersonate-Extra-" + key.headerEscaped, value)) }
        }
        return headers
    }
}

extension String {
    /// As a part of a header's name: what cannot stand in one (RFC 9110, `token`) as `%XX`, and the percent sign too.
    fileprivate var headerEscaped: String {
        percentEscaped { "!#$&'*+-.^_`|~".utf8.contains($0) }
    }
}
