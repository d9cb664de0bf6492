// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleNetwork
import RandomClusters
import FerruleResolution

/// Objects as tests write them.
extension Service {
    static func make(
        _ name: String, namespace: String = "default", _ change: (inout ServiceSpec) -> Void = { _ in }
    ) -> Service {
        var spec = ServiceSpec()
        spec.ports = [.make(80)]
        change(&spec)
        return Service(meta: ObjectMeta(name: name, namespace: namespace), spec: spec)
    }
}

extension ServicePort {
    static func make(_ port: Int, name: String = "", protocol transport: String? = nil, target: IntOrString? = nil)
        -> ServicePort
    {
        var made = ServicePort()
        (made.port, made.name, made.protocol, made.targetPort) = (port, name, transport, target)
        return made
    }
}

extension Pod {
    /// A running pod that is ready.
    ///
    /// - Parameter ports: the name, protocol and number of its container ports.
    static func make(
        _ name: String, _ address: String, labels: Labels = ["app": "web"],
        ports: [(name: String, protocol: String?, number: Int)] = []
    ) -> Pod {
        var container = Container()
        container.ports = ports.map { port in
            var made = ContainerPort()
            (made.name, made.protocol, made.containerPort) = (port.name, port.protocol, port.number)
            return made
        }
        var spec = PodSpec()
        spec.containers = [container]
        var pod = Pod(meta: ObjectMeta(name: name, labels: labels), spec: spec)
        (pod.phase, pod.podIPs, pod.isReady) = ("Running", address.isEmpty ? [] : [address], true)
        return pod
    }
}

extension Workload {
    static func make(_ name: String, replicas: Int?, kind: Kind = .deployment) -> Workload {
        var workload = Workload(kind: kind, meta: ObjectMeta(name: name))
        (workload.replicas, workload.templateLabels) = (replicas, ["app": name])
        return workload
    }
}

extension ClusterObjects {
    init(services: [Service], pods: [Pod] = [], workloads: [Workload] = []) {
        self.init()
        (self.services, self.pods, self.workloads) = (services, pods, workloads)
    }
}

/// The addresses and ports of the endpoints of the first service port.
func targets(_ objects: ClusterObjects, _ options: ResolutionOptions = ResolutionOptions()) -> [String] {
    let ports = ClusterResolver.resolve(objects, options: options).cluster.ports
    return ports.first?.endpoints.cluster.map { "\($0.address):\($0.port.number)" } ?? []
}
