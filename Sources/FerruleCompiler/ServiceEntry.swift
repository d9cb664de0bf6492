// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// One key that packets are found by, a virtual address with its port or a node port, and what it leads to: the claim that
/// has won it.
struct ServiceEntry: Sendable {
    let contribution: Contribution
    /// Which of the contribution's claims it is: a million entries would hold copies of them.
    private let index: Int32

    init(_ contribution: Contribution, claim index: Int) {
        (self.contribution, self.index) = (contribution, Int32(index))
    }

    var claim: Claim { contribution.claims[Int(index)] }
    var key: ElementKey { contribution.claims[Int(index)].key }
    var shape: Shape { contribution.claims[Int(index)].shape }
    private var portIndex: Int { contribution.claims[Int(index)].port }
    var transport: TransportProtocol { contribution.service.ports[portIndex].protocol }

    /// `namespace/service:port`, without copying the port.
    var label: String {
        ResolvedPort.label(
            namespace: contribution.service.key.namespace, service: contribution.service.key.name,
            name: contribution.service.ports[portIndex].name)
    }

    /// Whether both have one label, without making it.
    func isNamed(like other: ServiceEntry) -> Bool {
        contribution.service.key == other.contribution.service.key
            && contribution.service.ports[portIndex].name == other.contribution.service.ports[other.portIndex].name
    }

    /// The address of the key, if it is the service's ClusterIP.
    var clusterIP: IPAddress? {
        claim.rank == .clusterIP ? contribution.service.ports[portIndex].clusterIP : nil
    }

    /// Without copying the port.
    func targets(_ list: TrafficPolicy) -> [Endpoint] {
        list == .local
            ? contribution.service.ports[portIndex].endpoints.local
            : contribution.service.ports[portIndex].endpoints.cluster
    }

    /// How many these are, without holding on to the list: it is shared by all threads, and there are a million entries.
    func targetCount(_ list: TrafficPolicy) -> Int {
        list == .local
            ? contribution.service.ports[portIndex].endpoints.local.count
            : contribution.service.ports[portIndex].endpoints.cluster.count
    }

    /// Whether a port of its service has session affinity.
    var isSticky: Bool { contribution.isSticky }

    /// Who may use a balancer's address; none where nobody is kept out, and where everybody is.
    var sourceRanges: [Element] {
        guard case .firewall = shape, let (address, transport, port) = key.service else { return [] }
        let servicePort = contribution.service.ports[portIndex]
        let ranges = (servicePort.sourceRanges ?? []).map { Element(.serviceSource(address, transport, port, $0)) }
        guard servicePort.sourcesHoldNode else { return ranges }
        let ofNode = servicePort.sourcesOfNode.map {
            Element(.serviceSource(address, transport, port, $0), comment: Element.sourceOfNode)
        }
        return (ranges + ofNode).sorted { $0.key < $1.key }
    }

    /// Whether this is what another claim was before its service changed.
    func isPredecessor(of other: ServiceEntry) -> Bool {
        contribution.service.key == other.contribution.service.key && index == other.index
    }

    /// Whether this claim goes before another one of its key.
    func precedes(_ other: ServiceEntry) -> Bool { order < other.order }

    private var order: ClaimOrder {
        ClaimOrder(
            claim.rank, isServed: !shape.isRefusal, service: contribution.service.key, port: claim.port)
    }
}
