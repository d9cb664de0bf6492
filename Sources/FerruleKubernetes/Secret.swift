// SPDX-License-Identifier: Apache-2.0

/// A Secret (`v1`), of which only certificates are read: what others hold is passed over unread.
package struct Secret: Sendable, Hashable {
    /// The type of Secrets that hold a certificate and its key.
    package static let tlsType = "kubernetes.io/tls"

    package var meta: ObjectMeta
    /// `Opaque` where it is absent.
    package var type = "Opaque"
    /// `tls.crt` of a Secret of ``tlsType``: PEM.
    package var certificate: SecretText?
    /// `tls.key` of a Secret of ``tlsType``: PEM.
    package var privateKey: SecretText?

    package init(meta: ObjectMeta) { self.meta = meta }
}

/// A value of a Secret. Whoever prints it by mistake, prints nothing of it.
package struct SecretText: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// How it is written.
    package enum Encoding: Sendable {
        /// In `data`.
        case base64
        /// In `stringData`.
        case plain
    }

    package let text: String
    package let encoding: Encoding

    package init(_ text: String, _ encoding: Encoding) { (self.text, self.encoding) = (text, encoding) }

    package var description: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
