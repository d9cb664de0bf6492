// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleNetwork

/// The ClusterIPs and node ports of all services: the given ones, and for those that are missing the remembered ones, else
/// new ones. Services are served in the order of their names, so the order of the input does not matter.
struct Allocations: Sendable {
    private(set) var lock = AllocationLock()
    private(set) var diagnostics: [Diagnostic] = []
    /// All ClusterIPs of services that do not say every one of them.
    private var clusterIPs: [ObjectKey: [IPAddress]] = [:]
    private var nodePorts: [String: Port] = [:]

    /// Of services that say all of theirs.
    init() {}

    var isEmpty: Bool { clusterIPs.isEmpty && nodePorts.isEmpty }

    /// - Parameter order: the positions of the services in the order of their names.
    init(
        _ services: [Service], order: [Int], ranges: [Prefix], nodePortRange: ClosedRange<Int>,
        remembered: AllocationLock
    ) {
        allocateClusterIPs(services, order, ranges, remembered)
        allocateNodePorts(services, order, nodePortRange, remembered)
    }

    /// The service's ClusterIPs, at most one a family; none for a headless service or an ExternalName.
    func clusterIPs(of service: Service) -> [IPAddress] {
        guard !clusterIPs.isEmpty, let all = clusterIPs[ObjectKey(service.meta)] else {
            return service.hasClusterIP ? service.givenAddresses : []
        }
        return all
    }

    func nodePort(of service: Service, _ port: ServicePort) -> Port? {
        if let given = port.nodePort.flatMap(Port.init) { return given }
        return nodePorts.isEmpty ? nil : nodePorts[Allocations.key(service, port)]
    }

    /// The services that are given other ClusterIPs or node ports by the other allocations.
    func differing(from other: Allocations) -> Set<ObjectKey> {
        let addresses = Set(clusterIPs.keys).union(other.clusterIPs.keys).filter {
            clusterIPs[$0] != other.clusterIPs[$0]
        }
        let ports = Set(nodePorts.keys).union(other.nodePorts.keys).filter { nodePorts[$0] != other.nodePorts[$0] }
        return addresses.union(ports.compactMap(Allocations.service(of:)))
    }

    private mutating func allocateClusterIPs(
        _ services: [Service], _ order: [Int], _ ranges: [Prefix], _ remembered: AllocationLock
    ) {
        let missing = order.filter { services[$0].lacksClusterIPs(of: ranges) }.map { services[$0] }
        guard !missing.isEmpty else { return }
        var taken = Set(services.lazy.filter(\.hasClusterIP).flatMap(\.givenAddresses))
        for service in missing {
            let key = ObjectKey(service.meta)
            clusterIPs[key] = service.givenAddresses
            let families = service.families(available: ranges).filter { family in
                clusterIPs[key]?.contains { $0.family == family } != true
            }
            let known = (remembered.clusterIPs[service.label] ?? []).compactMap { IPAddress($0) }.filter { address in
                families.contains(address.family) && ranges.contains { $0.contains(address) }
                    && taken.insert(address).inserted
            }
            clusterIPs[key, default: []] += known
        }
        for range in ranges.firstOfEachFamily() {
            var allocator = AddressAllocator(range, taken: taken)
            var refused: Diagnostic?
            for service in missing where service.families(available: ranges).contains(range.family) {
                let key = ObjectKey(service.meta)
                guard clusterIPs[key]?.contains(where: { $0.family == range.family }) != true else { continue }
                if let address = allocator.allocate(for: service.label) {
                    clusterIPs[key, default: []].append(address)
                } else if refused != nil {
                    refused?.likeIt += 1
                } else {
                    refused = Diagnostic(
                        .error, "no address is left in \(range) for a ClusterIP", object: service.title,
                        field: FieldPath("spec", "clusterIP"), origin: service.meta.origin,
                        hint: "pass a wider --service-cidr")
                }
            }
            diagnostics += [refused].compactMap(\.self)
        }
        for service in missing {
            let given = Set(service.givenAddresses)
            lock.clusterIPs[service.label] = clusterIPs(of: service).filter { !given.contains($0) }.map(\.description)
        }
    }

    private mutating func allocateNodePorts(
        _ services: [Service], _ order: [Int], _ range: ClosedRange<Int>, _ remembered: AllocationLock
    ) {
        var taken: Set<Int> = []
        var missing: [(service: Service, port: ServicePort)] = []
        for service in order.lazy.map({ services[$0] }) where service.hasClusterIP {
            for port in service.spec.ports {
                if let given = port.nodePort, given != 0 {
                    taken.insert(given)
                } else if service.needsNodePorts {
                    missing.append((service, port))
                }
            }
        }
        var unknown: [(service: Service, port: ServicePort)] = []
        for (service, port) in missing {
            let key = Allocations.key(service, port)
            if let number = remembered.nodePorts[key], range.contains(number), taken.insert(number).inserted {
                nodePorts[key] = Port(number)
            } else {
                unknown.append((service, port))
            }
        }
        var places = CyclicPlaces(count: UInt64(range.count))
        for number in taken where range.contains(number) { places.reserve(UInt64(number - range.lowerBound)) }
        var refused: Diagnostic?
        for (service, port) in unknown {
            let key = Allocations.key(service, port)
            if let place = places.take(fnv1a(key) % UInt64(range.count)) {
                nodePorts[key] = Port(range.lowerBound + Int(place))
            } else if refused != nil {
                refused?.likeIt += 1
            } else {
                refused = Diagnostic(
                    .error, "no port is left in \(range.lowerBound)-\(range.upperBound) for a node port",
                    object: service.title, field: FieldPath("spec", "ports"), origin: service.meta.origin,
                    hint: "pass a wider --node-port-range")
            }
        }
        diagnostics += [refused].compactMap(\.self)
        for (service, port) in missing {
            let key = Allocations.key(service, port)
            lock.nodePorts[key] = nodePorts[key].map { Int($0.number) }
        }
    }

    private static func key(_ service: Service, _ port: ServicePort) -> String {
        "\(service.label):\(port.port ?? 0)/\(port.protocol ?? "TCP")"
    }

    /// The service of a key of node ports: names hold neither slash nor colon.
    private static func service(of key: String) -> ObjectKey? {
        let parts = key.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let name = parts[1].split(separator: ":", maxSplits: 1).first else { return nil }
        return ObjectKey(String(parts[0]), String(name))
    }
}

extension [Prefix] {
    fileprivate func firstOfEachFamily() -> [Prefix] {
        IPFamily.allCases.compactMap { family in first { $0.family == family } }
    }
}
