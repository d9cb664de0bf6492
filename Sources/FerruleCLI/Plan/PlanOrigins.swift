// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleResolution
internal import FerruleRuleset

/// What one side of a plan has from nobody's definitions, and which services have no address there. Nothing of it is known of
/// a kernel's tables.
struct PlanOrigins {
    private var allocatedAddresses: Set<IPAddress> = []
    private var allocatedNodePorts: Set<ElementKey> = []
    private var assumedAddresses: Set<IPAddress> = []
    /// By `namespace/name`.
    private(set) var unserved: [String: Unserved] = [:]

    /// Why a service has no virtual address that packets could go to.
    enum Unserved: String {
        /// `clusterIP: None`: clients find the pods themselves, by DNS.
        case headless
        /// `type: ExternalName`: clients find another name, by DNS.
        case externalName
        /// A label gives it to another proxy.
        case otherProxy

        /// nil for a service that is served.
        fileprivate init?(_ kind: ClusterService.Kind) {
            switch kind {
            case .virtual: return nil
            case .headless: self = .headless
            case .externalName: self = .externalName
            case .leftToAnotherProxy: self = .otherProxy
            }
        }
    }

    init() {}

    init(_ resolution: ClusterResolver.Result) {
        assumedAddresses = resolution.assumedAddresses
        allocatedAddresses = Set(resolution.lock.clusterIPs.values.joined().lazy.compactMap { IPAddress($0) })
        for (key, number) in resolution.lock.nodePorts {
            guard let name = key.split(separator: "/").last, let port = Port(number),
                let transport = TransportProtocol(kubernetesName: String(name))
            else { continue }
            allocatedNodePorts.insert(.port(transport, port))
        }
        for service in resolution.cluster.services {
            if let reason = Unserved(service.kind) { unserved["\(service.key)"] = reason }
        }
    }

    /// Whether Ferrule has chosen the address or the node port.
    func isAllocated(_ frontend: Frontend) -> Bool {
        switch frontend.kind {
        case .clusterIP: frontend.address.map(allocatedAddresses.contains) == true
        case .nodePort: allocatedNodePorts.contains(frontend.key)
        case .externalAddress: false
        }
    }

    /// Whether the endpoint stands for a declared pod that nobody has run yet.
    func isAssumed(_ endpoint: Endpoint) -> Bool { assumedAddresses.contains(endpoint.address) }
}
