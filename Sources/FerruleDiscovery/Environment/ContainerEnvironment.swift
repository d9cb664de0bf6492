// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
package import FerruleResolution

/// The variables by which a container finds services, as kubelet makes them (`getServiceEnvVarMap` in
/// `pkg/kubelet/kubelet_pods.go`): of the services with a ClusterIP in its namespace, and of the API server's.
package struct ContainerEnvironment: Sendable, Equatable {
    /// A variable, and the service that it tells of.
    package struct Variable: Sendable, Equatable {
        package let name: String
        package let value: String
        package let service: ObjectKey
    }

    /// Variables of one name that two services ask for with different values. kubelet takes them in no order, so it may be
    /// either.
    package struct Conflict: Sendable, Equatable {
        package let name: String
        /// The one whose value is taken here.
        package let kept: ObjectKey
        package let dropped: ObjectKey

        package init(name: String, kept: ObjectKey, dropped: ObjectKey) {
            (self.name, self.kept, self.dropped) = (name, kept, dropped)
        }
    }

    /// The API server's, whose variables every container has.
    package static let apiServer = ObjectKey("default", "kubernetes")

    /// By the names of the services, those of a service in kubelet's order; each name once.
    package private(set) var variables: [Variable] = []
    package private(set) var conflicts: [Conflict] = []

    /// - Parameters:
    ///   - services: some that hold those of the namespace and ``apiServer``; others do not matter.
    ///   - linksServices: `enableServiceLinks` of the pod: without it, ``apiServer`` alone is told of.
    package init(namespace: String, services: [NamedService], linksServices: Bool) {
        var told: [String: NamedService] = [:]
        for service in services where service.kind == .virtual {
            if service.key.namespace == namespace, linksServices {
                // The namespace's own kubernetes is preferred to that of default.
                told[service.key.name] = service
            } else if service.key == Self.apiServer, told[service.key.name] == nil {
                told[service.key.name] = service
            }
        }
        var places: [String: Int] = [:]
        for service in told.values.sorted(by: { $0.key.name < $1.key.name }) {
            for variable in service.variables { add(variable, &places) }
        }
    }

    private mutating func add(_ variable: Variable, _ places: inout [String: Int]) {
        guard let place = places[variable.name] else {
            places[variable.name] = variables.count
            variables.append(variable)
            return
        }
        let old = variables[place]
        variables[place] = variable
        guard old.service != variable.service, old.value != variable.value else { return }
        conflicts.append(Conflict(name: variable.name, kept: variable.service, dropped: old.service))
    }
}
