// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiscovery
internal import FerruleKubernetes
internal import FerruleResolution
internal import FerruleText

/// The variables of a pod's containers, or of any pod in a namespace.
struct EnvListing {
    /// Whose variables they are.
    struct Subject {
        let namespace: String
        /// nil for any of the namespace.
        let pod: String?
        /// `enableServiceLinks` of the pod.
        let linksServices: Bool
    }

    private let subject: Subject
    private let environment: ContainerEnvironment
    /// What a reader has to know beside it.
    let notes: [String]

    /// - Parameter services: of the subject's namespace, and of that of the API server's.
    init(_ subject: Subject, _ services: [NamedService]) {
        self.subject = subject
        environment = ContainerEnvironment(
            namespace: subject.namespace, services: services, linksServices: subject.linksServices)
        let server = ContainerEnvironment.apiServer
        let hasServer = services.contains { $0.key == server }
        let isServed = services.contains { $0.key.namespace == subject.namespace }
        let elsewhere = isServed ? 0 : services.count { $0.key != server }
        notes =
            (elsewhere == 0
                ? []
                : [
                    "no service of the input is in \(subject.namespace); objects that say no namespace are in "
                        + "\(ObjectMeta.defaultNamespace), which has \(counted(elsewhere, "service"))"
                ])
            + environment.conflicts.map {
                "\($0.name) is asked for by \($0.dropped) and \($0.kept), and kubelet takes either; here it is that of "
                    + "\($0.kept)"
            }
            + (hasServer
                ? [] : ["the input has no service \(server), whose variables a container has in every cluster"])
    }

    /// `NAME=VALUE`, one a line.
    var text: [UInt8] { Array(environment.variables.map { "\($0.name)=\($0.value)\n" }.joined().utf8) }

    /// `docs/discovery.md` documents it. What is added to it keeps the version.
    var json: String {
        get throws {
            try JSONText.encode(
                EnvJSON(
                    namespace: subject.namespace, pod: subject.pod, enableServiceLinks: subject.linksServices,
                    variables: environment.variables.map {
                        EnvJSON.Variable(name: $0.name, value: $0.value, service: $0.service.description)
                    }))
        }
    }
}

/// The document.
private struct EnvJSON: Encodable {
    struct Variable: Encodable {
        var name: String
        var value: String
        /// `NAMESPACE/NAME`
        var service: String
    }

    var version = 1
    var namespace: String
    /// Absent where it is about any pod of the namespace.
    var pod: String?
    var enableServiceLinks: Bool
    var variables: [Variable]
}
