// SPDX-License-Identifier: Apache-2.0

/// An Ingress (`networking.k8s.io/v1`; the older versions are read as what they mean there); see
/// <https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/>.
package struct Ingress: Sendable, Hashable {
    /// The annotation that named the class before `spec.ingressClassName` did; it names no IngressClass object.
    package static let classAnnotation = "kubernetes.io/ingress.class"

    package var meta: ObjectMeta
    /// `metadata.creationTimestamp`; nil in a manifest. Texts sort by time.
    package var creationTimestamp: String?
    /// The value of ``classAnnotation``.
    package var annotatedClass: String?
    /// `spec.ingressClassName`
    package var className: String?
    /// `spec.defaultBackend`; `spec.backend` in older versions.
    package var defaultBackend: IngressBackend?
    package var tls: [IngressTLS] = []
    package var rules: [IngressRule] = []
    /// The names of the annotations that ask other controllers for something, such as
    /// `nginx.ingress.kubernetes.io/rewrite-target`; sorted.
    package var controllerAnnotations: [String] = []
    /// Whether it was written in a version that no API server takes since Kubernetes 1.22.
    package var isBeta = false

    package init(meta: ObjectMeta) { self.meta = meta }
}

/// One of `spec.rules`.
package struct IngressRule: Sendable, Hashable {
    /// Empty where the rule is for every host; else a name, or one whose first label is `*`.
    package var host = ""
    /// `http.paths`; nil where there is no `http`.
    package var paths: [IngressPath]?

    package init() {}
}

/// One of `spec.rules[].http.paths`.
package struct IngressPath: Sendable, Hashable {
    /// Empty where it is absent.
    package var path = ""
    /// `Exact`, `Prefix` or `ImplementationSpecific`, which is the default in older versions.
    package var pathType: String?
    package var backend: IngressBackend?

    package init() {}
}

/// Where requests are sent: to a port of a service, or to a resource of another kind.
package struct IngressBackend: Sendable, Hashable {
    package var service: IngressServiceBackend?
    package var resource: IngressResource?

    package init() {}
}

/// `service` of a backend: in older versions `serviceName` and `servicePort` say the same.
package struct IngressServiceBackend: Sendable, Hashable {
    package var name = ""
    /// `port.name`; empty where it is absent.
    package var portName = ""
    /// `port.number`; 0 and absent both mean none.
    package var portNumber: Int?

    package init() {}
}

/// `resource` of a backend (`TypedLocalObjectReference`).
package struct IngressResource: Sendable, Hashable {
    package var apiGroup: String?
    package var kind = ""
    package var name = ""

    package init() {}
}

/// One of `spec.tls`: the certificate for some hosts.
package struct IngressTLS: Sendable, Hashable {
    package var hosts: [String] = []
    package var secretName: String?

    package init() {}
}

/// An IngressClass (`networking.k8s.io/v1`).
package struct IngressClass: Sendable, Hashable {
    /// The annotation by which a class is that of Ingresses without one (`"true"`).
    package static let defaultAnnotation = "ingressclass.kubernetes.io/is-default-class"

    package var meta: ObjectMeta
    /// `metadata.creationTimestamp`; nil in a manifest. Texts sort by time.
    package var creationTimestamp: String?
    /// Whether ``defaultAnnotation`` says so.
    package var isDefault = false
    /// `spec.controller`
    package var controller: String?

    package init(meta: ObjectMeta) { self.meta = meta }
}
