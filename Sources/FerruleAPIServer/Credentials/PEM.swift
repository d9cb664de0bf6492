// SPDX-License-Identifier: Apache-2.0

internal import NIOSSL

/// The fields of a kubeconfig that hold PEM (RFC 7468): each names a file of it, and has it itself with `-data` in its name.
enum PEM: String {
    case authority = "certificate-authority"
    case certificate = "client-certificate"
    case key = "client-key"

    /// The field that has the content itself.
    var dataField: String { rawValue + "-data" }

    /// What is wrong with what is none.
    var complaint: String {
        switch self {
        case .authority, .certificate: "this is not a certificate in PEM"
        case .key: "this is not a private key in PEM"
        }
    }

    /// Whether it is what the field takes.
    func accepts(_ bytes: [UInt8]) -> Bool {
        switch self {
        case .authority, .certificate: (try? Self.certificates(bytes)) != nil
        case .key: (try? Self.key(bytes)) != nil
        }
    }

    /// All certificates.
    ///
    /// - Throws: where there is none, or one is malformed.
    static func certificates(_ bytes: [UInt8]) throws -> [NIOSSLCertificate] {
        try NIOSSLCertificate.fromPEMBytes(bytes)
    }

    /// The private key.
    ///
    /// - Throws: where it is none.
    static func key(_ bytes: [UInt8]) throws -> NIOSSLPrivateKey { try NIOSSLPrivateKey(bytes: bytes, format: .pem) }
}
