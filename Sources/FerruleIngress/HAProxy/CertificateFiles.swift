// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster

/// The files by which HAProxy finds certificates: one for each Secret, and a list that says which is for which names.
package struct CertificateFiles {
    package struct File {
        /// Within the folder: letters, digits and `-._`.
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
            let name = HAProxyText.name("\(certificate.secret.namespace).\(certificate.secret.name)") + ".pem"
            files.append(File(name: name, bytes: certificate.pem.bytes))
            if !certificate.hosts.isEmpty {
                lines.append("\(folder)/\(name) \(certificate.hosts.joined(separator: " "))")
            }
            if certificate.servesOwnNames { lines.append("\(folder)/\(name)") }
        }
        files.append(File(name: Self.listName, bytes: Array(lines.map { $0 + "\n" }.joined().utf8)))
        self.files = files
    }
}
