// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

extension Access {
    /// Where kubelet puts the files of a pod's service account.
    package static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The access that every pod is given: the server's address in the environment, a token and a certificate in files.
    ///
    /// - Parameter environment: may name a proxy too.
    /// - Throws: where this is not a pod, or one without a service account.
    package static func serviceAccount(
        environment: [String: String], folder: String = serviceAccountFolder
    ) throws(AccessError) -> Access {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], let port = environment["KUBERNETES_SERVICE_PORT"],
            !host.isEmpty, !port.isEmpty
        else {
            throw AccessError(
                file: nil, field: "KUBERNETES_SERVICE_HOST",
                "empty or not set; in a pod set it, and KUBERNETES_SERVICE_PORT, to the API server's own address; else name a "
                    + "kubeconfig file", isUnreadable: true)
        }
        let server = "https://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        guard ProxyChoice.hostAndPort(of: server) != nil else {
            throw AccessError(
                file: nil, field: "KUBERNETES_SERVICE_PORT", "\"\(port)\" is not the number of a port, 1-65535")
        }
        guard FileManager.default.isReadableFile(atPath: folder + "/token") else {
            throw AccessError(
                file: folder + "/token", "the token of the service account cannot be read", isUnreadable: true)
        }
        var access = Access(server: server)
        access.authority = .file(folder + "/ca.crt")
        access.identity.tokenFile = folder + "/token"
        access.origin = folder
        access.proxy = ProxyChoice.proxy(for: server, environment)
        return access
    }
}
