// SPDX-License-Identifier: Apache-2.0

/// What becomes of the traffic of a key, without regard to which service it is: each shape in use is one chain.
package enum Shape: Sendable, Hashable {
    /// One of a number of endpoints: `lb-3`, `local-2`, `nodeport-lb-3`.
    case balance(SlotScope, Int)
    /// Part number so and so of a service, which has so many endpoints: `part-3-125`.
    case part(SlotScope, number: Int, Int)
    /// The endpoint that the client is known to use, else as `balance`: `sticky-lb-3`.
    case sticky(SlotScope, Int)
    /// Masqueraded, then on: `external-3`, `nodeport-sticky-external-3`.
    case external(isNodePort: Bool, sticky: Bool, Int)
    /// Pods and this node use all endpoints, others the local ones: `external-local-5-2`.
    case externalLocal(isNodePort: Bool, sticky: Bool, cluster: Int, local: Int)
    /// Only sources within the balancer's ranges go on: `firewall-external-3`.
    indirect case firewall(Shape)
    /// The service has no endpoint anywhere: `refuse`.
    case refuse
    /// As `refuse`, but at an address that may be the node's, where a node port of the same number answers: `external-refuse`.
    case refuseUnlessNodePort
    /// The service has none that this traffic may use. No chain, but a verdict of its own.
    case drop

    /// What becomes of traffic that an element or rule gives this shape.
    package var verdict: Verdict {
        if case .drop = self { .drop } else { .goto(ChainPurpose.shape(self).name) }
    }
}

extension Shape {
    /// The chain's name.
    var name: String {
        switch self {
        case .balance(let scope, let count): nodePortPrefix(scope.isNodePort) + scope.balanceName(count)
        case .part(let scope, let number, let count): "\(scope.prefix)part-\(number)-\(count)"
        case .sticky(let scope, let count): "\(nodePortPrefix(scope.isNodePort))sticky-\(scope.balanceName(count))"
        case .external(let isNodePort, let sticky, let count):
            "\(nodePortPrefix(isNodePort))\(sticky ? "sticky-" : "")external-\(count)"
        case .externalLocal(let isNodePort, let sticky, let cluster, let local):
            "\(nodePortPrefix(isNodePort))\(sticky ? "sticky-" : "")external-local-\(cluster)-\(local)"
        case .firewall(let shape): "firewall-\(shape.name)"
        case .refuse: "refuse"
        case .refuseUnlessNodePort: "external-refuse"
        case .drop: "drop"
        }
    }

    /// The shape of a name; nil for names that are none. The name that follows from the shape may still be another, as of
    /// `lb-01`.
    init?(_ name: Substring) {
        var rest = name
        if rest.take("firewall-") {
            guard let shape = Shape(rest) else { return nil }
            self = .firewall(shape)
            return
        }
        let unnumbered: [Shape] = [.refuse, .refuseUnlessNodePort, .drop]
        if let shape = unnumbered.first(where: { $0.name == rest }) {
            self = shape
            return
        }
        let isNodePort = rest.take("nodeport-")
        let sticky = rest.take("sticky-")
        let isExternal = rest.take("external-")
        let isLocal = rest.take("local-")
        let isBalance = !isLocal && rest.take("lb-")
        let isPart = rest.take("part-")
        let words = rest.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = words.compactMap { Int($0) }
        guard numbers.count == words.count, let first = numbers.first, let last = numbers.last else { return nil }
        let scope = SlotScope(isNodePort: isNodePort, isLocal: isLocal)
        switch (isExternal, isPart, numbers.count) {
        case (true, false, 1): self = .external(isNodePort: isNodePort, sticky: sticky, first)
        case (true, false, 2):
            self = .externalLocal(isNodePort: isNodePort, sticky: sticky, cluster: first, local: last)
        case (false, true, 2): self = .part(scope, number: first, last)
        case (false, false, 1) where isLocal || isBalance:
            self = sticky ? .sticky(scope, first) : .balance(scope, first)
        default: return nil
        }
    }
}

extension SlotScope {
    fileprivate func balanceName(_ count: Int) -> String { isLocal ? "local-\(count)" : "lb-\(count)" }
}
