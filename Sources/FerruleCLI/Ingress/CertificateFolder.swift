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

    /// Writes files that only their owner reads. Each is there as a whole or as it was before, and in the order given. The folder
    /// is made, for its owner alone, where there is none.
    func write(_ files: [CertificateFiles.File], _ console: Console) throws {
        try OutputFolder(path: path).make(permissions: 0o700, console)
        try OutputFile.write(
            files.map { (OutputFile(path: "\(path)/\($0.name)", isSecret: true), $0.bytes) }, console)
    }
}
