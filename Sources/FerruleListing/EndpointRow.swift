// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerruleResolution

/// An endpoint of a service port in a listing.
package struct EndpointRow: Sendable, Equatable {
    /// Raw values are those of the listing in JSON.
    package enum State: String, Sendable {
        case ready, terminating, notReady
        /// A placeholder of a declared pod, which is taken to be ready.
        case assumed
    }

    package let address: IPAddress
    /// nil for what a headless service without ports leads to.
    package let port: Port?
    /// Whether packets go there: on the node that the listing is for, or else on any; of a headless service whether its name
    /// leads there.
    package let getsTraffic: Bool
    /// nil in a kernel.
    package private(set) var state: State?
    /// nil where nobody knows it.
    package private(set) var nodeName: String?
    /// As the slice says, else the label of the node.
    package private(set) var zone: String?
    /// Whether it is on the node that the listing is for; nil without one, and in a kernel.
    package private(set) var isLocal: Bool?
    /// The zones and nodes that it is meant for.
    package private(set) var zoneHints: [String] = []
    package private(set) var nodeHints: [String] = []

    /// nil without a port.
    package var endpoint: Endpoint? { port.map { Endpoint(address, $0) } }
}

extension EndpointRow {
    init(_ candidate: EndpointCandidate, getsTraffic: Bool, _ resolver: ClusterResolver) {
        (address, port, self.getsTraffic) = (candidate.endpoint.address, candidate.endpoint.port, getsTraffic)
        take(
            isReady: candidate.isReady, isTerminating: candidate.isTerminating, candidate.nodeName,
            zone: candidate.zone, resolver)
        (zoneHints, nodeHints) = (candidate.zoneHints, candidate.nodeHints)
    }

    init(_ endpoint: HeadlessEndpoint, port: Port?, _ resolver: ClusterResolver) {
        (address, self.port, getsTraffic) = (endpoint.address, port, endpoint.isReady)
        take(
            isReady: endpoint.isReady, isTerminating: endpoint.isTerminating, endpoint.nodeName, zone: endpoint.zone,
            resolver)
    }

    /// One that stands in a kernel, where only those stand that packets go to.
    init(inKernel endpoint: Endpoint) {
        (address, port, getsTraffic) = (endpoint.address, endpoint.port, true)
    }

    private mutating func take(
        isReady: Bool, isTerminating: Bool, _ nodeName: String?, zone: String?, _ resolver: ClusterResolver
    ) {
        state = isReady ? .ready : isTerminating ? .terminating : .notReady
        if isReady, resolver.assumedAddresses.contains(address) { state = .assumed }
        self.nodeName = resolver.knownNode(nodeName)
        self.zone = zone ?? self.nodeName.flatMap(resolver.zone(ofNode:))
        isLocal = resolver.nodeName.map { $0 == nodeName }
    }
}
