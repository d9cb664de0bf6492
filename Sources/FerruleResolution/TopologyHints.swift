// SPDX-License-Identifier: Apache-2.0

/// Which of the ready endpoints the hints of their slices mean for one node (KEP-2433, KEP-3015).
package enum TopologyHints {
    /// Hints are missing somewhere, or none of them names this node or its zone.
    case anywhere
    case zone(String)
    case node(String)

    /// Hints count only if every ready endpoint has them and one names this node, or else its zone.
    package init(_ ready: [EndpointCandidate], nodeName: String?, zone: String?) {
        if let nodeName, TopologyHints.isUsable(ready.indices.lazy.map { ready[$0].nodeHints }, nodeName) {
            self = .node(nodeName)
        } else if let zone, TopologyHints.isUsable(ready.indices.lazy.map { ready[$0].zoneHints }, zone) {
            self = .zone(zone)
        } else {
            self = .anywhere
        }
    }

    func filter(_ ready: [EndpointCandidate]) -> [EndpointCandidate] {
        switch self {
        case .anywhere: ready
        case .zone(let zone): ready.filter { $0.zoneHints.contains(zone) }
        case .node(let name): ready.filter { $0.nodeHints.contains(name) }
        }
    }

    private static func isUsable(_ hints: some Collection<[String]>, _ name: String) -> Bool {
        hints.allSatisfy { !$0.isEmpty } && hints.contains { $0.contains(name) }
    }
}
