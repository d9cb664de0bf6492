// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork

/// What the input and the options say about the node that a ruleset is for, and about the ranges of its cluster.
struct NodeView: Sendable, Equatable {
    var name: String?
    /// In order of preference: the first of a family is the primary one.
    let addresses: [IPAddress]
    /// Those on the host's interfaces too; in no particular order.
    let allAddresses: [IPAddress]
    var zone: String?
    let clusterCIDRs: [Prefix]
    let podTraffic: PodTraffic
    let serviceCIDRs: [Prefix]
    /// The ranges to allocate ClusterIPs from.
    let allocationCIDRs: [Prefix]

    init(_ store: ClusterStore, _ options: ResolutionOptions) {
        name = options.nodeName
        let node = options.nodeName.flatMap { store.nodes[ObjectKey("", $0)] }
        zone = node?.zone
        addresses = (options.bindAddress.map { [$0] } ?? []) + (node?.hostAddresses ?? []) + options.nodeAddresses
        allAddresses = addresses + options.interfaceAddresses
        let podCIDRs = store.nodes.objects.flatMap(\.podCIDRs).compactMap { Prefix($0) }
        clusterCIDRs = (options.clusterCIDRs.isEmpty ? podCIDRs : options.clusterCIDRs).disjoint()
        podTraffic =
            switch options.detectLocalMode {
            case .clusterCIDR: clusterCIDRs.isEmpty ? .unknown : .ranges(clusterCIDRs)
            case .nodeCIDR: .ranges((node?.podCIDRs ?? []).compactMap { Prefix($0) }.disjoint())
            case .bridgeInterface(let name): .interface(name)
            case .interfaceNamePrefix(let prefix): .interfacePrefix(prefix)
            }
        let declared = store.serviceCIDRs.objects.sorted { $0.meta.name < $1.meta.name }.flatMap(\.cidrs)
            .compactMap { Prefix($0) }
        let known = options.serviceCIDRs.isEmpty ? declared : options.serviceCIDRs
        serviceCIDRs = known.disjoint()
        allocationCIDRs = known.isEmpty ? ResolutionOptions.defaultServiceCIDRs : known
    }

    /// The address of a family that the node is known by.
    func primaryAddress(_ family: IPFamily) -> IPAddress? {
        addresses.first { $0.family == family && !$0.isLoopback }
    }

    /// Which addresses of the node accept node port traffic in a family.
    func nodePortAddresses(
        _ family: IPFamily, within ranges: [Prefix]
    ) -> NodePortAddresses {
        let own = allAddresses.filter { $0.family == family && !$0.isLoopback }.sortedUnique()
        if ranges.isEmpty { return primaryAddress(family).map { .listed([$0]) } ?? .all(known: own) }
        let ofFamily = ranges.filter { $0.family == family }
        // A range of all addresses, or none of this family, means every address that the node turns out to have.
        if ofFamily.isEmpty || ofFamily.contains(where: { $0.length == 0 }) { return .all(known: own) }
        return .within(
            ofFamily.disjoint(), known: own.filter { address in ofFamily.contains { $0.contains(address) } })
    }
}

extension Node {
    /// The zone that its label says; nil for none.
    var zone: String? { meta.labels[Node.zoneLabel].flatMap { $0.isEmpty ? nil : $0 } }
}
