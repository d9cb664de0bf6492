// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleText

/// Gives node ports to the ports of services that need one and do not say it.
///
/// Ports of one number and several protocols have one: the first that is given or remembered, else a new one (`initNodePorts` in
/// `pkg/registry/core/service/storage/alloc.go` of Kubernetes).
struct NodePortAllocator {
    /// The node ports that were given, each by its port's ``Allocations/key(_:_:)``.
    private(set) var given: [String: Port] = [:]
    /// Set where the range had none left, with a count of the ports that it is short of.
    private(set) var refused: Diagnostic?

    private typealias Candidate = (service: Service, port: ServicePort)
    private var taken: Set<Int> = []
    private var shared: [PortNumber: Int] = [:]
    /// In the order in which they are served.
    private var missing: [Candidate] = []

    private struct PortNumber: Hashable {
        let service: ObjectKey
        let number: Int

        init(_ service: Service, _ port: ServicePort) {
            (self.service, number) = (ObjectKey(service.meta), port.port ?? 0)
        }
    }

    /// - Parameter services: those with a ClusterIP, in the order in which they are served.
    init(_ services: some Sequence<Service>) {
        for service in services {
            // Both come from one range, and no number is given out twice (`allocHealthCheckNodePort`, in the same place).
            if let said = service.spec.healthCheckNodePort, said != 0 { taken.insert(said) }
            for port in service.spec.ports {
                if let said = port.nodePort, said != 0 {
                    taken.insert(said)
                    if service.needsNodePorts, service.spec.ports.count > 1 {
                        shared[PortNumber(service, port)] = shared[PortNumber(service, port)] ?? said
                    }
                } else if service.needsNodePorts {
                    missing.append((service, port))
                }
            }
        }
    }

    /// The keys of the ports that do not say theirs.
    var missingKeys: some Sequence<String> { missing.lazy.map(Allocations.key) }

    /// Has ports keep what allocations say that they had, those of the first allocation before others', unless it is taken.
    mutating func keep(_ known: [AllocationLock]) {
        for (service, port) in missing {
            let key = Allocations.key(service, port)
            let usual = shared[PortNumber(service, port)]
            let number = known.lazy.compactMap { $0.nodePorts[key] }.first { $0 == usual || !taken.contains($0) }
            guard let number else { continue }
            taken.insert(number)
            shared[PortNumber(service, port)] = usual ?? number
            given[key] = Port(number)
        }
    }

    /// Gives the others one of a range each.
    mutating func allocate(_ range: ClosedRange<Int>) {
        var places = CyclicPlaces(count: UInt64(range.count))
        for number in taken where range.contains(number) { places.reserve(UInt64(number - range.lowerBound)) }
        for (service, port) in missing {
            let key = Allocations.key(service, port)
            guard given[key] == nil else { continue }
            if let number = shared[PortNumber(service, port)] {
                given[key] = Port(number)
            } else if let place = places.take(fnv1a(key) % UInt64(range.count)) {
                let number = range.lowerBound + Int(place)
                shared[PortNumber(service, port)] = number
                given[key] = Port(number)
            } else {
                refuse(service, range)
            }
        }
    }

    private mutating func refuse(_ service: Service, _ range: ClosedRange<Int>) {
        guard refused == nil else {
            refused?.likeIt += 1
            return
        }
        refused = Diagnostic(
            .error, "no port is left in \(range.lowerBound)-\(range.upperBound) for a node port",
            object: service.title, field: FieldPath("spec", "ports"), origin: service.meta.origin,
            hint: "pass a wider --node-port-range")
    }
}
