// SPDX-License-Identifier: Apache-2.0

internal import FerruleIngress
internal import Glibc
internal import SystemPackage

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
        for file in files { try write(file, console) }
    }

    private func write(_ file: CertificateFiles.File, _ console: Console) throws {
        let target = "\(path)/\(file.name)"
        // Of a name that no file of the list has. Nobody but this process knows it before it is renamed.
        let draft = "\(path)/.\(file.name).\(getpid())"
        do {
            unsafe unlink(draft)
            // Never there for others to read, not even for a moment.
            let descriptor = try FileDescriptor.open(
                FilePath(draft), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
            try descriptor.closeAfter {
                try descriptor.writeAll(file.bytes)
                guard fsync(descriptor.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard unsafe rename(draft, target) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unsafe unlink(draft)
            throw OutputFile(path: target).failure(error, console)
        }
    }
}
