// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleTraffic

/// Somebody who may be asked about.
struct Asker {
    let sender: TrafficStatement.Sender
    let words: String

    static func address(_ address: IPAddress) -> Asker {
        Asker(sender: .one(.address(address)), words: "\(address)")
    }

    static func pods(_ group: PodGroup) -> Asker { Asker(sender: .pods(group), words: "pod \(group)") }
}

/// Finds senders of every sort.
struct Askers {
    let everybody = [Asker(sender: .one(.node), words: "node"), Asker(sender: .one(.outside), words: "outside")]
    /// In the order of the pods.
    private let groups: [PodGroup]
    private let groupsByAddress: [IPAddress: PodGroup]
    private let ranges: [Prefix]
    /// Of nodes and services.
    private let known: Set<IPAddress>

    /// - Parameter services: all of the definitions.
    init(_ definitions: ClusterResolver, _ services: [ResolvedService]) {
        let table = definitions.pods
        let pods = table.sortedPlaces.map { table.objects[$0] }
            .filter { !$0.hasEnded && !$0.podIPs.isEmpty && $0.spec.hostNetwork != true }
        groups = pods.map(PodGroup.init(of:))
        groupsByAddress = Dictionary(
            zip(pods, groups).flatMap { pod, group in pod.addresses.map { ($0, group) } }
        ) { first, _ in first }
        let virtual = services.lazy.flatMap(\.ports).flatMap { $0.externalIPs + $0.balancerIPs }
        known = definitions.addressesOfNodes.union(virtual)
        if case .ranges(let ranges) = definitions.surroundings.podTraffic { self.ranges = ranges } else { ranges = [] }
    }

    /// A pod that has no part in a service, and one that has; by address where no names are known.
    ///
    /// - Parameter ports: of one port of the service, in each family.
    func pods(_ ports: [ResolvedPort]) -> [Asker] {
        guard !groups.isEmpty else { return addresses(ports) }
        let endpoints = ports.flatMap { $0.endpoints.cluster + $0.endpoints.serving }
        let own = endpoints.compactMap { groupsByAddress[$0.address] }
        let isOwn = Set(own)
        return [groups.first { !isOwn.contains($0) }, own.first].compactMap { $0.map(Asker.pods) }
    }

    private func addresses(_ ports: [ResolvedPort]) -> [Asker] {
        ports.flatMap { port -> [Asker] in
            let endpoints = port.endpoints.cluster
            let others = ranges.first { $0.family == port.family }.flatMap { range in
                // From behind, where addresses are given last.
                (1...8).lazy.compactMap { distance -> IPAddress? in
                    let address = IPAddress(port.family, bits: range.lastAddress.bits &- UInt128(distance))
                    return range.contains(address) && !endpoints.contains { $0.address == address } ? address : nil
                }.first
            }
            let own = endpoints.first { endpoint in ranges.contains { $0.contains(endpoint.address) } }?.address
            return [others, own].compactMap { $0.map(Asker.address) }
        }
    }

    /// One in each range, and one in none that is nobody known.
    func within(_ ranges: [Prefix]?) -> [Asker] {
        guard let ranges else { return [] }
        let inside = ranges.prefix(8).map { range -> IPAddress in
            let second = IPAddress(range.family, bits: range.address.bits | 1)
            return range.contains(second) ? second : range.address
        }
        let outside = IPFamily.allCases.compactMap { family in
            Strangers.documentation(family).first { address in
                !known.contains(address) && groupsByAddress[address] == nil
                    && !(ranges + self.ranges).contains { $0.contains(address) }
            }
        }
        return (inside + outside).map(Asker.address)
    }
}
