// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// Nodes that see a service alike, where that depends on the node.
package enum NodeKind: Sendable, Hashable {
    /// A node that endpoints are on, or that hints name.
    case node(String)
    /// A node of a zone that hints name, without endpoints.
    case zone(String)
    /// A node that declared pods are going to run on.
    case unscheduled
}

extension Service {
    /// Whether a policy may ask for endpoints on the client's or the called node.
    var hasLocalPolicy: Bool {
        [spec.internalTrafficPolicy, spec.externalTrafficPolicy].contains(TrafficPolicy.local.rawValue)
    }
}

extension EndpointSlice {
    /// Whether it says for which nodes or zones an endpoint is meant.
    var hasHints: Bool { endpoints.contains { !$0.zoneHints.isEmpty || !$0.nodeHints.isEmpty } }
}

extension ClusterService {
    /// The nodes and zones that endpoints tell from others, by a traffic policy Local or by topology hints.
    var nodeKinds: Set<NodeKind> {
        let isLocal = internalPolicy == .local || externalPolicy == .local
        var kinds: Set<NodeKind> = []
        for candidate in ports.lazy.flatMap(\.candidates.all) {
            if isLocal, candidate.nodeName != nil { kinds.insert(candidate.home.map { .node($0) } ?? .unscheduled) }
            for name in candidate.nodeHints { kinds.insert(.node(name)) }
            for zone in candidate.zoneHints { kinds.insert(.zone(zone)) }
        }
        return kinds
    }
}

extension NodeView {
    /// The same cluster from another node.
    ///
    /// - Parameter zone: finds the zone of a node.
    func of(_ kind: NodeKind, zone: (String) -> String?) -> NodeView {
        var view = self
        switch kind {
        case .node(let name): (view.name, view.zone) = (name, zone(name))
        case .zone(let zone): view.zone = zone
        case .unscheduled: view.name = AssumedPods.unscheduledNode
        }
        return view
    }
}
