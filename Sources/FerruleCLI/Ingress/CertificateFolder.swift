// SPDX-License-Identifier: Apache-2.0

internal import FerruleIngress

/// The folder of `--tls-directory`.
struct CertificateFolder {
    let path: String

    /// Whether HAProxy's lists of certificates can hold a path, since they have no quotes.
    static func isUsable(_ path: String) -> Bool {
        !path.isEmpty
            && path.utf8.allSatisfy { byte in
                let scalar = Unicode.Scalar(byte)
                return scalar.isASCII
                    && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "-._/".unicodeScalars.contains(scalar))
            }
    }

    /// Makes the folder, for its owner alone, where there is none.
    func make(_ console: Console) throws { try OutputFolder(path: path).make(permissions: 0o700, console) }

    /// A file in it, which only its owner reads.
    func file(_ name: String) -> OutputFile { OutputFile(path: "\(path)/\(name)", isSecret: true) }
}
