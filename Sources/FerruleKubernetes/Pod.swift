// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// A Pod (`v1`), as far as it decides on endpoints.
package struct Pod: Sendable, Hashable {
    package var meta: ObjectMeta
    package var spec: PodSpec
    /// `status.phase`: `Pending`, `Running`, `Succeeded`, `Failed`; nil in a manifest that no cluster has seen.
    package var phase: String?
    /// `status.podIPs[].ip`, else `status.podIP`.
    package var podIPs: [String] = []
    /// The status of the condition of type `Ready`: true for `"True"`.
    package var isReady: Bool = false

    package init(meta: ObjectMeta, spec: PodSpec) { (self.meta, self.spec) = (meta, spec) }

    /// ``podIPs`` that are addresses.
    package var addresses: [IPAddress] { podIPs.compactMap { IPAddress($0) } }

    /// Whether it has come to its end, and runs no more.
    package var hasEnded: Bool { phase == "Succeeded" || phase == "Failed" }
}

/// `spec` of a pod or of a pod template.
package struct PodSpec: Sendable, Hashable {
    package var nodeName: String?
    package var hostNetwork: Bool?
    /// With the subdomain that is the name of a headless service: the pod's own name below it, for the cluster's DNS.
    package var hostname: String?
    package var subdomain: String?
    /// Whether its containers get variables of the services of its namespace; true where absent.
    package var enableServiceLinks: Bool?
    /// For how long it may run.
    package var activeDeadlineSeconds: Int?
    package var priorityClassName: String?
    /// Whether it, or one of its containers, says how much of processor or memory it wants or may have; else it is of the
    /// class `BestEffort`.
    package var hasResources = false
    /// `containers` and then the `initContainers` that keep running (`restartPolicy: Always`).
    package var containers: [Container] = []

    package init() {}
}

package struct Container: Sendable, Hashable {
    package var name: String = ""
    package var ports: [ContainerPort] = []
    /// Its index in `containers`, or in `initContainers` if `isInit`; nil where it is the index in ``PodSpec/containers``.
    package var position: Int?
    /// Whether it says how much of processor or memory it wants or may have.
    package var hasResources = false
    /// Whether it stands in `initContainers`.
    package var isInit = false

    package init() {}
}

package struct ContainerPort: Sendable, Hashable {
    package var name: String = ""
    package var `protocol`: String?
    package var containerPort: Int?

    package init() {}
}
