// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleText

/// The files by which HAProxy finds certificates: one for each Secret, and a list that says which is for which names.
package struct CertificateFiles {
    package struct File {
        /// Within the folder: letters, digits and `-._`, and no more bytes than a file system takes.
        package let name: String
        package let bytes: [UInt8]
    }

    /// The name of the list within the folder.
    package static let listName = "certificates.list"

    /// The list is the last, so that it names no file that is not there yet.
    package let files: [File]

    /// - Parameter folder: where they are going to stand, as ``HAProxyConfiguration/Options/certificateFolder``.
    package init(_ certificates: [Certificate], folder: String) {
        var (files, lines): ([File], [String]) = ([], [])
        for certificate in certificates {
            let name = Self.name(of: certificate.secret)
            files.append(File(name: name, bytes: certificate.pem.bytes))
            for start in stride(from: 0, to: certificate.hosts.count, by: Self.hostsPerLine) {
                let hosts = certificate.hosts[start...].prefix(Self.hostsPerLine)
                lines.append("\(folder)/\(name) \(hosts.joined(separator: " "))")
            }
            if certificate.servesOwnNames { lines.append("\(folder)/\(name)") }
        }
        files.append(File(name: Self.listName, bytes: Array(lines.map { $0 + "\n" }.joined().utf8)))
        self.files = files
    }

    /// HAProxy refuses a line of 2048 words or 65536 bytes (2.6); a certificate may have several lines. So many names of 253
    /// bytes leave room for a long folder.
    private static let hostsPerLine = 100

    /// `NAMESPACE.NAME.pem`, where that is not too long for a file system, which take 255 bytes; else its beginning and a hash
    /// of all of it. A Secret's name may have 253 bytes, and a namespace's 63.
    private static func name(of secret: ObjectKey) -> String {
        let (name, suffix) = (HAProxyText.name("\(secret.namespace).\(secret.name)"), ".pem")
        guard name.utf8.count + suffix.utf8.count > 255 else { return name + suffix }
        // No name of Kubernetes has an underscore, so that none that is whole is one that was cut.
        return name.prefix(200) + "_" + String(fnv1a(name), radix: 16) + suffix
    }
}
