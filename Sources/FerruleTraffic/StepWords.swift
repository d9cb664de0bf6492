// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleText

/// Says why rules do with a packet what they do.
struct StepWords {
    let packet: Packet
    let node: NodeTraffic
    /// What the packet is for.
    let service: ServedService?
    /// The nodes of the service's endpoints.
    private(set) var endpointNodes: [Endpoint: String] = [:]
    /// All endpoints of the port in the packet's family, sorted, each once; none where only the kernel was asked.
    private let candidates: [EndpointCandidate]
    /// Whether it has some in the other family.
    private let hasOthers: Bool

    init(packet: Packet, node: NodeTraffic, service: ServedService?) {
        (self.packet, self.node, self.service) = (packet, node, service)
        let port = service?.port
        let definition = port.flatMap { node.definitions?.clusterService(ObjectKey($0.namespace, $0.service)) }
        let all = definition?.ports.first {
            $0.name == port?.name && $0.protocol == port?.protocol && $0.number == port?.port
        }?.candidates
        let own = port.flatMap { all?[$0.family] } ?? []
        candidates = own.sortedByEndpoint()
        hasOthers = all.map { $0.all.count > own.count } ?? false
        for candidate in own where endpointNodes[candidate.endpoint] == nil {
            endpointNodes[candidate.endpoint] = candidate.home
        }
    }

    /// A reason, and what would have to be otherwise.
    struct Explanation {
        let reason: String
        var remedy: String?
    }

    // MARK: Steps

    /// Why a rule did what it did.
    func why(_ step: Step) -> String {
        switch step.met?.set {
        case .services, .nodePorts: return servicePhrase
        case .affinityRecall: return "clients of \(label) stay with the endpoint that they have (sessionAffinity)"
        case .affinity: return "the client has had this endpoint"
        case .parts: return "of so many endpoints, this part"
        case .endpoints:
            return step.met?.element.value.data?.endpoint.map(endpointPhrase) ?? "an endpoint of \(label)"
        default: break
        }
        switch step.chain {
        case .dispatch: return dispatchWhy(step)
        case .unserved: return unservedExplanation(after: step).reason
        case .shape(let shape): return why(shape, step)
        case .slot, .prerouting, .output, .affinityInput, .affinityPostrouting, .record, .foreign, .rememberAny:
            return step.rule.statements.last == .verdict(.drop)
                ? "its endpoint went away in this moment: the packet is to come again" : ""
        case .recall: return "the client has had this endpoint"
        case .remember, .rememberBoth: return "the client is to stay with its endpoint"
        case .postrouting:
            return step.met == nil
                ? "it is marked: its answers must come back through this node"
                : "a pod that reached itself: it would not take the answer of its own address"
        }
    }

    private func dispatchWhy(_ step: Step) -> String {
        if step.rule.statements.contains(where: \.isSetMark) {
            return step.rule.statements.count == 2
                ? "all traffic to ClusterIPs is masqueraded (--masquerade-all)"
                : "\(packet.source) is no pod: its answers must come back through this node"
        }
        return "neither a service nor a node port has \(destination)"
    }

    private func why(_ shape: Shape, _ step: Step) -> String {
        switch shape {
        case .balance(_, let count):
            return count == 1 ? "the only one" : "one of \(count), each equally likely"
        case .part(_, let number, let count): return "part \(number), which has \(counted(count, "endpoint"))"
        case .sticky: return "new clients are given any endpoint"
        case .external:
            return step.rule.statements.contains(where: \.isSetMark)
                ? "an address from outside: answers must come back through this node" : ""
        case .externalLocal(_, _, let cluster, let local):
            if step.rule.statements.count > 1 {
                let all = cluster == 1 ? "the only endpoint" : "all \(cluster) endpoints"
                return "a sender of this cluster may use \(choice(cluster) ?? all) (externalTrafficPolicy: Local)"
            }
            return local == 0
                ? localPolicyExplanation.reason
                : "externalTrafficPolicy: Local: \(counted(local, "endpoint")) of \(total(cluster, local: local)) "
                    + "on this node" + (isLocalLeaving ? ", terminating: none here is ready" : "")
        case .firewall:
            return step.rule.statements.last == .verdict(.drop)
                ? rangesExplanation.reason : "loadBalancerSourceRanges let \(packet.source) in"
        case .refuse: return packet.transport == .tcp ? "the sender is told by a reset" : "the sender is told by ICMP"
        case .refuseUnlessNodePort: return "an address without endpoints: a node port of that number would answer"
        case .drop: return ""
        }
    }

    /// `shop/web:http, 4 endpoints`
    private var servicePhrase: String {
        guard let port = service?.port else { return label }
        let lists = port.endpoints
        guard lists.existAnywhere else { return noEndpointsExplanation.reason }
        let count = lists.cluster.count
        let total = choice(count) ?? counted(count, "endpoint")
        guard policyIsLocal(port) else { return "\(label), \(total)" }
        let condition = isLocalLeaving && choice(count) == nil ? ", terminating: none here is ready" : ""
        return "\(label), \(total), \(lists.local.count) on this node (policy Local)\(condition)"
    }

    /// Why some endpoints take the traffic and not others: `1 of 2 endpoints, by topology hints for zone west`; nil where all that
    /// are ready take it.
    ///
    /// - Parameter count: how many take it under the policy Cluster.
    private func choice(_ count: Int) -> String? {
        let ready = candidates.filter(\.isReady)
        guard !ready.isEmpty else {
            guard !candidates.isEmpty else { return nil }
            return counted(count, "endpoint") + (count == 1 ? ", which is" : ", all") + " terminating: none is ready"
        }
        guard count < ready.count else { return nil }
        let zone = node.nodeName.flatMap { node.definitions?.zone(ofNode: $0) }
        let chosen = "\(count) of \(counted(ready.count, "endpoint")), by topology hints for "
        switch TopologyHints(ready, nodeName: node.nodeName, zone: zone) {
        case .anywhere: return nil
        case .zone(let zone): return chosen + "zone \(zone)"
        case .node(let name): return chosen + "node \(name)"
        }
    }

    /// How many endpoints take traffic on one node or another, as far as is known, hints aside.
    private func total(_ cluster: Int, local: Int) -> Int {
        let ready = candidates.count(where: \.isReady)
        return ready == 0 ? max(cluster, local) : ready + (isLocalLeaving ? local : 0)
    }

    /// Whether the endpoints on this node are terminating, and none is ready there.
    private var isLocalLeaving: Bool {
        let local = candidates.filter { $0.nodeName == node.nodeName }
        return node.nodeName != nil && !local.isEmpty && !local.contains(where: \.isReady)
            && local.contains { $0.isServing && $0.isTerminating }
    }

    /// `pod shop/web-1 on node-b`, as far as it is known.
    private func endpointPhrase(_ endpoint: Endpoint) -> String {
        endpointNodes[endpoint].map { "an endpoint on \($0)" } ?? "an endpoint"
    }

    // MARK: The end

    /// Why a packet has no endpoint.
    ///
    /// - Parameter steps: those of its way.
    func explanation(of fate: PacketOutcome.Fate, after steps: [Step]) -> Explanation {
        let last = steps.last
        switch fate {
        case .dnat: return Explanation(reason: "")
        case .passed:
            let before = steps.last { $0.chain != .postrouting }
            return service.map { lostExplanation($0, after: before) } ?? passedExplanation
        case .notKnown(let doubt): return Explanation(reason: doubt.text)
        case .refused:
            if let rule = steps.last(where: { $0.chain == .unserved }) { return unservedExplanation(after: rule) }
            return service == nil ? Explanation(reason: foreignPhrase(last)) : noEndpointsExplanation
        case .dropped:
            switch last?.chain {
            case .unserved?: return last.map(unservedExplanation) ?? Explanation(reason: "")
            case .shape(.firewall)?: return rangesExplanation
            case .shape(.externalLocal)?, .dispatch?, .shape(.refuseUnlessNodePort)?: return localPolicyExplanation
            case .slot?, .shape(.part)?: return Explanation(reason: "an endpoint of \(label) went away in this moment")
            default: return Explanation(reason: foreignPhrase(last))
            }
        }
    }

    private func foreignPhrase(_ step: Step?) -> String {
        step.map { "a rule of chain \($0.chain.name), which Ferrule did not make, says so" }
            ?? "a chain's policy is drop"
    }

    /// No endpoint takes traffic anywhere.
    private var noEndpointsExplanation: Explanation {
        guard let port = service?.port, let definitions = node.definitions else {
            return Explanation(reason: "\(label) has no endpoint that takes traffic")
        }
        let census = EndpointCensus(candidates)
        guard census.total == 0 else {
            return Explanation(
                reason: "no endpoint of \(label) is ready: \(census.conditions)",
                remedy: (census.total == 1 ? "the endpoint" : "one of the \(census.total) endpoints")
                    + " has to become ready")
        }
        let selector = definitions.store.services[ObjectKey(port.namespace, port.service)]?.spec.selector ?? [:]
        guard !hasOthers else {
            let family = port.family.rawValue
            return Explanation(
                reason: "\(label) has no \(family) endpoint",
                remedy: selector.isEmpty
                    ? "an EndpointSlice of addressType \(family) has to name one"
                    : "a ready pod with the labels \(selector) has to have an \(family) address")
        }
        return Explanation(
            reason: "\(label) has no endpoint",
            remedy: selector.isEmpty
                ? "an EndpointSlice for it has to name one" : "a ready pod with the labels \(selector) has to be there")
    }

    /// Endpoints are there, but not on this node.
    private var localPolicyExplanation: Explanation {
        guard let port = service?.port else {
            return Explanation(
                reason: "\(label) has no endpoint on this node, and its traffic policy is Local",
                remedy: "an endpoint on this node, or the traffic policy Cluster")
        }
        let field = policyField(port)
        let home = node.nodeName ?? "this node"
        let hint = node.nodeName == nil ? " (--node-name says which node it is)" : ""
        return Explanation(
            reason: "\(label) has no endpoint on \(home)\(hint), and \(field) is Local",
            remedy: "an endpoint on \(home), or \(field): Cluster")
    }

    private var rangesExplanation: Explanation {
        let ranges = (service?.port?.sourceRanges ?? node.sourceRanges(of: packet)).map(\.description)
        let list = ranges.isEmpty ? "none of \(packet.family.rawValue) can be read" : ranges.joined(separator: ", ")
        let name = service?.port.map { "\($0.namespace)/\($0.service)" } ?? label
        return Explanation(
            reason: "\(packet.source) is in none of the loadBalancerSourceRanges of \(name) (\(list))",
            remedy: "a range that holds it, such as \(Prefix(packet.source))")
    }

    /// The ClusterIP does not serve the port, or nobody has the address.
    private func unservedExplanation(after step: Step) -> Explanation {
        let address = packet.destination.address
        guard step.rule.statements.last != .verdict(.drop) else {
            return Explanation(
                reason: "no service has the ClusterIP \(address)"
                    + (step.met.map { ", which is in the service range \($0.element.key)" } ?? ""))
        }
        let owners = node.services.flatMap(\.ports).filter { $0.clusterIP == address }
        let ports = owners.map { "\($0.port)/\($0.protocol.name)" }.joined(separator: ", ")
        guard let owner = owners.first else {
            return Explanation(reason: "no service serves \(destination), which is a ClusterIP")
        }
        return Explanation(
            reason: "\(address) is the ClusterIP of \(owner.namespace)/\(owner.service), which serves \(ports), "
                + "not \(packet.destination.port)/\(packet.transport.name)")
    }

    /// A service has the place, and its rules say nothing of the packet.
    private func lostExplanation(_ service: ServedService, after step: Step?) -> Explanation {
        let next = step?.next.map { "chain \($0)" } ?? step.map { "a chain behind \($0.chain.name)" } ?? "a chain"
        return Explanation(
            reason: "\(next) leads to no endpoint of \(service.label), since somebody has changed it",
            remedy: "the rules as `ferrule apply` makes them")
    }

    private var passedExplanation: Explanation {
        let (address, port) = (packet.destination.address, packet.destination.port)
        let nodePort = node.set(.nodePorts, packet.family)?.element(for: .port(packet.transport, port))
        if let nodePort, node.environment.isLocal(address) {
            let owner = ServiceFinder(node: node, family: packet.family).service(nodePort)
            let served = node.nodePortAddresses(packet.family).map(\.description).joined(separator: ", ")
            return Explanation(
                reason: "\(port) is a node port of \(owner.label), but is not served at \(address)"
                    + (served.isEmpty ? "" : ": it is at \(served)"),
                remedy: address.isLoopback ? nil : "--nodeport-addresses with a range that holds \(address)")
        }
        if node.environment.isLocal(address),
            node.set(.clusterIPs, packet.family)?.element(for: .address(address)) != nil
        {
            return Explanation(reason: "the ClusterIP \(address) is bound to this node, where a process may answer")
        }
        return Explanation(reason: "no service has \(destination)")
    }

    // MARK: What definitions say

    private var label: String { service?.label ?? destination }

    /// `10.96.0.10:80/tcp`
    private var destination: String { "\(packet.destination)/\(packet.transport.name)" }

    /// What of the answer only those know who know where declared pods run; nil where it does not depend on that.
    ///
    /// - Parameter steps: those of a way without an endpoint, else of all.
    func undecided(_ outcomes: [PacketOutcome], after steps: [Step]) -> TrafficAnswer.Undecided? {
        guard let port = service?.port, policyIsLocal(port), steps.last?.chain.isFirewall != true else { return nil }
        let cluster = Set(port.endpoints.cluster)
        let homeless = candidates.filter { $0.nodeName != nil && $0.home == nil && cluster.contains($0.endpoint) }
        // Where all endpoints may be reached, none has to be on the node.
        let isOfAll =
            node.nodeName != ClusterResolver.unscheduledNode && Set(outcomes.compactMap(\.fate.endpoint)) == cluster
        guard !homeless.isEmpty, !isOfAll else { return nil }
        return TrafficAnswer.Undecided(policy: policyField(port), homeless: Set(homeless.map(\.endpoint.address)))
    }

    private func policyField(_ port: ResolvedPort) -> String {
        isInternal(port) ? "internalTrafficPolicy" : "externalTrafficPolicy"
    }

    private func isInternal(_ port: ResolvedPort) -> Bool { port.clusterIP == packet.destination.address }

    private func policyIsLocal(_ port: ResolvedPort) -> Bool {
        (isInternal(port) ? port.internalPolicy : port.externalPolicy) == .local
    }
}

extension ChainPurpose {
    fileprivate var isFirewall: Bool { if case .shape(.firewall) = self { true } else { false } }
}

extension Step {
    /// The chain that it leads to; nil where that is left to chance.
    fileprivate var next: ChainName? {
        if case .verdict(let verdict)? = met?.element.value { return verdict.chain }
        let verdicts = rule.statements.flatMap(\.verdicts)
        return verdicts.count == 1 ? verdicts.first?.chain : nil
    }
}

extension PacketOutcome.Doubt {
    /// What stands in the way of an answer.
    fileprivate var text: String {
        switch self {
        case .foreignRule(let rule, let chain): "a rule in chain \(chain) that somebody else has put there: \(rule)"
        case .foreignObject(let object): "\(object), which somebody else has put there"
        case .inputInterface(_, let chain): "chain \(chain) asks for the interface that the packet comes in by"
        case .tooManyWays: "there are too many ways to follow"
        }
    }
}
