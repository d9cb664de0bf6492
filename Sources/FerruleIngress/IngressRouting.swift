// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleNetwork

/// Where requests go, by their host and path.
package struct IngressRouting: Sendable, Equatable {
    /// In the order in which they are tried: the first that fits a request takes it.
    package var routes: [Route] = []
    /// What takes the requests that no route fits; nil: they are answered with 404.
    package var defaultBackend: BackendName?
    /// Those that are named above, each once, in the order of their names.
    package var backends: [Backend] = []
    /// Those of TLS, in the order of the Ingresses' age: the first also serves clients that ask for no known name.
    package var certificates: [Certificate] = []
    /// How many Ingresses it was made of.
    package var ingressCount = 0

    package init() {}
}

/// Requests of one kind, and where they go.
package struct Route: Sendable, Equatable {
    package let host: HostPattern
    package let path: PathPattern
    package let backend: BackendName
    /// Whose rule it is.
    package let ingress: ObjectKey

    package init(_ host: HostPattern, _ path: PathPattern, _ backend: BackendName, of ingress: ObjectKey) {
        (self.host, self.path, self.backend, self.ingress) = (host, path, backend, ingress)
    }
}

/// What a backend is known by.
package enum BackendName: Sendable, Hashable {
    /// - Parameter port: the number of a port that the service has, else what the Ingress calls it.
    case service(ObjectKey, port: String)
    /// A resource of another kind, which nothing serves.
    case resource(namespace: String, kind: String, name: String)
}

/// The endpoints that requests are spread over.
package struct Backend: Sendable, Equatable {
    package let name: BackendName
    /// Sorted; without any, requests are answered with 503.
    package let servers: [Endpoint]
    /// Why there are no servers, in a few words.
    package let lack: String?

    package init(_ name: BackendName, servers: [Endpoint], lack: String? = nil) {
        (self.name, self.servers, self.lack) = (name, servers, lack)
    }
}

/// A certificate with its key, and the names that it is for.
package struct Certificate: Sendable, Equatable {
    /// The Secret that it is from.
    package let secret: ObjectKey
    /// Certificates and key, in PEM. Never to be printed.
    package let pem: PEMText
    /// The names by which clients ask for it: DNS names, some of them with `*` for the first label.
    package var hosts: [String] = []
    /// Whether it also serves the names that stand in itself, since an Ingress names none.
    package var servesOwnNames = false

    package init(secret: ObjectKey, pem: PEMText) { (self.secret, self.pem) = (secret, pem) }
}
