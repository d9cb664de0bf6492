// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
package import FerruleKubernetes
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

    /// - Parameters:
    ///   - order: the positions of the services in the order of their names.
    ///   - remembered: kept as far as it is within the ranges.
    ///   - other: kept before that, whatever the ranges.
    init(
        _ services: [Service], order: [Int], ranges: [Prefix], nodePortRange: ClosedRange<Int>,
        remembered: AllocationLock, other: AllocationLock
    ) {
        allocateClusterIPs(services, order, ranges, [other, remembered.within(ranges)])
        allocateNodePorts(services, order, nodePortRange, [other, remembered.within(nodePortRange)])
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
        _ services: [Service], _ order: [Int], _ ranges: [Prefix], _ known: [AllocationLock]
    ) {
        let missing = order.filter { services[$0].lacksClusterIPs(of: ranges) }.map { services[$0] }
        guard !missing.isEmpty else { return }
        var taken = Set(services.lazy.filter(\.hasClusterIP).flatMap(\.givenAddresses))
        for service in missing {
            let key = ObjectKey(service.meta)
            clusterIPs[key] = service.givenAddresses
            let families = service.families(available: ranges)
            for address in known.flatMap({ $0.clusterIPs[key.description] ?? [] }).compactMap({ IPAddress($0) })
            where families.contains(address.family)
                && clusterIPs[key]?.contains(where: { $0.family == address.family }) != true
                && taken.insert(address).inserted
            {
                clusterIPs[key, default: []].append(address)
            }
        }
        for family in IPFamily.allCases { allocateClusterIPs(missing, family, ranges, taken) }
        for service in missing {
            let key = ObjectKey(service.meta)
            let families = service.families(available: ranges)
            clusterIPs[key] = families.compactMap { family in clusterIPs[key]?.first { $0.family == family } }
            let given = Set(service.givenAddresses)
            lock.clusterIPs[key.description] = clusterIPs(of: service).filter { !given.contains($0) }
                .map(\.description)
        }
    }

    /// Gives those services an address of a family that want one and have none.
    private mutating func allocateClusterIPs(
        _ missing: [Service], _ family: IPFamily, _ ranges: [Prefix], _ taken: Set<IPAddress>
    ) {
        let range = ranges.first { $0.family == family }
        var allocator = range.map { AddressAllocator($0, taken: taken) }
        var refused: Diagnostic?
        for service in missing where service.families(available: ranges).contains(family) {
            let key = ObjectKey(service.meta)
            guard clusterIPs[key]?.contains(where: { $0.family == family }) != true else { continue }
            if let address = allocator?.allocate(for: key.description) {
                clusterIPs[key, default: []].append(address)
            } else if refused != nil {
                refused?.likeIt += 1
            } else if let range {
                refused = Diagnostic(
                    .error, "no address is left in \(range) for a ClusterIP", object: service.title,
                    field: FieldPath("spec", "clusterIP"), origin: service.meta.origin,
                    hint: "pass a wider --service-cidr")
            } else {
                let isSaid = service.spec.ipFamilies?.contains(family.rawValue) == true
                refused = Diagnostic(
                    .error, "no range of \(family.rawValue) is known for a ClusterIP", object: service.title,
                    field: FieldPath("spec", isSaid ? "ipFamilies" : "ipFamilyPolicy"), origin: service.meta.origin,
                    hint: "pass --service-cidr with a range of each family")
            }
        }
        diagnostics += [refused].compactMap(\.self)
    }

    private mutating func allocateNodePorts(
        _ services: [Service], _ order: [Int], _ range: ClosedRange<Int>, _ known: [AllocationLock]
    ) {
        var allocator = NodePortAllocator(order.lazy.map { services[$0] }.filter(\.hasClusterIP))
        allocator.keep(known)
        allocator.allocate(range)
        nodePorts = allocator.given
        diagnostics += [allocator.refused].compactMap(\.self)
        for key in allocator.missingKeys { lock.nodePorts[key] = nodePorts[key].map { Int($0.number) } }
    }

    /// By what a node port goes in ``AllocationLock/nodePorts``.
    static func key(_ service: Service, _ port: ServicePort) -> String {
        "\(ObjectKey(service.meta)):\(port.port ?? 0)/\(port.protocol ?? "TCP")"
    }

    /// The service of a key of node ports: names hold neither slash nor colon.
    private static func service(of key: String) -> ObjectKey? {
        let parts = key.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let name = parts[1].split(separator: ":", maxSplits: 1).first else { return nil }
        return ObjectKey(String(parts[0]), String(name))
    }
}

extension AllocationLock {
    /// What services say themselves, and so do not need to be given.
    package init(givenBy services: [Service]) {
        for service in services where service.hasClusterIP {
            let addresses = service.givenAddresses
            if !addresses.isEmpty { clusterIPs[ObjectKey(service.meta).description] = addresses.map(\.description) }
            for port in service.spec.ports {
                if let number = port.nodePort, number != 0 { nodePorts[Allocations.key(service, port)] = number }
            }
        }
    }

    fileprivate func within(_ ranges: [Prefix]) -> AllocationLock {
        var lock = self
        lock.clusterIPs = clusterIPs.mapValues { addresses in
            addresses.filter { text in
                IPAddress(text).map { address in ranges.contains { $0.contains(address) } } == true
            }
        }
        return lock
    }

    fileprivate func within(_ range: ClosedRange<Int>) -> AllocationLock {
        var lock = self
        lock.nodePorts = nodePorts.filter { range.contains($0.value) }
        return lock
    }
}
