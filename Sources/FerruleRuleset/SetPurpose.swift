// SPDX-License-Identifier: Apache-2.0

/// What a set or map is for. Its name follows from that, and names that the kernel lists are read back to it here: the
/// kernel keeps nothing else about a set.
package enum SetPurpose: Sendable, Hashable {
    /// Virtual address, protocol and port : where its traffic goes.
    case services
    /// Protocol and node port : where its traffic goes.
    case nodePorts
    /// The ClusterIPs in use.
    case clusterIPs
    /// The ranges that ClusterIPs are taken from.
    case serviceCIDRs
    /// The ranges that pods are in.
    case podCIDRs
    /// The node's addresses that accept node port traffic.
    case nodePortAddresses
    /// Pairs of each local endpoint address with itself: a pod that reached itself through a service.
    case hairpin
    /// Balancer address, protocol, port and the ranges that may use them.
    case sourceRanges
    /// Keys of a scope : endpoint number `slot` of each that has so many.
    case endpoints(SlotScope, slot: Int)
    /// Keys of a scope : the address of part `number` of each that is cut into so many (``PartOwners``).
    case parts(SlotScope, number: Int)
    /// Client : the endpoint that it stays with, of one service port. Packets write it.
    case affinity(isLocal: Bool, of: String)
    /// Address, protocol and port of services with affinity : where to look up what a client is given again. Node ports
    /// stand in it by node address, for behind the translation a port number alone may be anybody's.
    case affinityRecall(isLocal: Bool)
    /// Address, protocol and port of services with affinity : how to remember the client of a new connection.
    case affinityServices
    /// Somebody else's, of a name that Ferrule never gives.
    case foreign(String)
}

extension SetPurpose {
    package var name: SetName { SetName(text) }

    private var text: String {
        switch self {
        case .services: "services"
        case .nodePorts: "nodeports"
        case .clusterIPs: "cluster-ips"
        case .serviceCIDRs: "service-cidrs"
        case .podCIDRs: "pod-cidrs"
        case .nodePortAddresses: "nodeport-addresses"
        case .hairpin: "hairpin"
        case .sourceRanges: "source-ranges"
        case .endpoints(let scope, let slot): "\(scope.prefix)endpoints-\(slot)"
        case .parts(let scope, let number): "\(scope.prefix)parts-\(number)"
        case .affinity(let isLocal, let port): "\(localPrefix(isLocal))affinity-\(port)"
        case .affinityRecall(let isLocal): "\(localPrefix(isLocal))affinity-recall"
        case .affinityServices: "affinity-services"
        case .foreign(let name): name
        }
    }

    /// What a set of a name is for.
    package init(_ name: SetName) {
        let purpose = SetPurpose.unique[name] ?? SetPurpose.numberedOrOfService(name.description[...])
        self = purpose.flatMap { $0.name == name ? $0 : nil } ?? .foreign(name.description)
    }

    /// Those that there is one set of.
    private static let unique = byName([
        .services, .nodePorts, .clusterIPs, .serviceCIDRs, .podCIDRs, .nodePortAddresses, .hairpin, .sourceRanges,
        .affinityRecall(isLocal: false), .affinityRecall(isLocal: true), .affinityServices,
    ])

    private static func byName(_ purposes: [SetPurpose]) -> [SetName: SetPurpose] {
        Dictionary(uniqueKeysWithValues: purposes.map { ($0.name, $0) })
    }

    private static func numberedOrOfService(_ name: Substring) -> SetPurpose? {
        var rest = name
        let scope = SlotScope(takenFrom: &rest)
        if rest.take("endpoints-") { return Int(rest).map { .endpoints(scope, slot: $0) } }
        if rest.take("parts-") { return Int(rest).map { .parts(scope, number: $0) } }
        return rest.take("affinity-") ? .affinity(isLocal: scope.isLocal, of: String(rest)) : nil
    }

    /// Whether it leads from services and parts to endpoints.
    package var isOfEndpoints: Bool { if case .endpoints = self { true } else { false } }

    /// Whether it leads from services to the addresses of their parts.
    package var isOfParts: Bool { if case .parts = self { true } else { false } }

    /// Whether somebody else made the set.
    package var isForeign: Bool { if case .foreign = self { true } else { false } }

    /// What every table of Ferrule has a set for.
    package static let always: [SetPurpose] = [
        .services, .nodePorts, .clusterIPs, .serviceCIDRs, .podCIDRs, .hairpin,
    ]

    /// Whether Ferrule makes the set for certain services or settings only. It then may stand in a kernel from a time when it
    /// was needed: such sets stay for a while, because a packet may be about to meet them.
    package var mayBeLeftOver: Bool {
        switch self {
        case .endpoints, .parts, .affinity, .affinityRecall, .affinityServices, .sourceRanges, .nodePortAddresses: true
        case .services, .nodePorts, .clusterIPs, .serviceCIDRs, .podCIDRs, .hairpin, .foreign: false
        }
    }

    /// Whether packets are looked up in the set after they have been given their endpoint.
    package var isMetAfterDNAT: Bool { self == .hairpin }
}
