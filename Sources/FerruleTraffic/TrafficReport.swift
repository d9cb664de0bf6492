// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// Makes the answer of an evaluation: it names what the packet has met.
struct TrafficReport {
    private let question: TrafficQuestion
    private let evaluation: Evaluation
    private let node: NodeTraffic
    private let words: StepWords

    init(_ question: TrafficQuestion, _ evaluation: Evaluation, _ node: NodeTraffic) {
        (self.question, self.evaluation, self.node) = (question, evaluation, node)
        let service = evaluation.serviceElement.map {
            ServiceFinder(node: node, family: question.packet.family).service($0)
        }
        words = StepWords(packet: question.packet, node: node, service: service)
    }

    var answer: TrafficAnswer {
        let ends = evaluation.outcomes
        let last = evaluation.lastSteps
        let explanation = ends.first { $0.outcome.fate.endpoint == nil }.map {
            words.explanation(of: $0.outcome.fate, after: last)
        }
        return TrafficAnswer(
            packet: question.packet, entry: question.entry, service: words.service, outcomes: outcomes(ends),
            steps: steps + foreignSteps, evaluation: evaluation, reason: explanation?.reason,
            remedy: explanation?.remedy, undecided: words.undecided(ends.map(\.outcome), after: last))
    }

    private func outcomes(_ ends: [(outcome: PacketOutcome, share: Share)]) -> [TrafficOutcome] {
        let pods = pods(of: ends.compactMap(\.outcome.fate.endpoint))
        let homes = words.endpointNodes
        let all = ends.map { outcome, share in
            let endpoint = outcome.fate.endpoint
            return TrafficOutcome(
                verdict: outcome.fate.verdict, endpoint: endpoint, pod: endpoint.flatMap { pods[$0.address] },
                node: endpoint.flatMap { homes[$0] }, isMasqueraded: outcome.isMasqueraded,
                isSticky: endpoint != nil && !outcome.timeoutElements.isEmpty, share: share)
        }
        return all.sorted { left, right in
            guard let one = left.endpoint else { return false }
            return right.endpoint.map { one < $0 } ?? true
        }
    }

    /// The pods that have some addresses. Those in the host's network have the node's, and others may too.
    private func pods(of endpoints: [Endpoint]) -> [IPAddress: ObjectKey] {
        guard let pods = node.definitions?.pods, !pods.isEmpty else { return [:] }
        let wanted = Set(endpoints.map(\.address))
        var found: [IPAddress: ObjectKey] = [:]
        for pod in pods.objects where pod.spec.hostNetwork != true && !pod.hasEnded {
            for address in pod.addresses where wanted.contains(address) {
                found[address] = ObjectKey(pod.meta)
            }
        }
        return found
    }

    // MARK: Steps

    /// All steps, by how many rules stand before each; one that several ways have in common once.
    private var steps: [TrafficStep] {
        var found: [(depth: Int, step: Step, share: Share)] = []
        evaluation.collectSteps(.whole, depth: 0, into: &found)
        var shares: [Step: Share] = [:]
        for (_, step, share) in found {
            shares[step] = shares[step].map { $0 + share ?? $0 } ?? share
        }
        let order = found.indices.sorted { (found[$0].depth, $0) < (found[$1].depth, $1) }
        return order.compactMap { index in
            let step = found[index].step
            guard !step.chain.isMereEntrance, let share = shares.removeValue(forKey: step) else { return nil }
            return TrafficStep(
                chain: step.chain.name, rule: .own(step.rule),
                element: step.met.map { Element($0.element.key, $0.element.value) }, why: words.why(step), share: share)
        }
    }

    /// The rules of somebody else at which ways end.
    private var foreignSteps: [TrafficStep] {
        var fates: [PacketOutcome.Fate] = []
        var shares: [PacketOutcome.Fate: Share] = [:]
        for (outcome, share) in evaluation.outcomes {
            if let known = shares[outcome.fate] {
                shares[outcome.fate] = known + share ?? known
            } else {
                fates.append(outcome.fate)
                shares[outcome.fate] = share
            }
        }
        return fates.compactMap { fate in
            guard case .notKnown(.foreignRule(let text, let chain)) = fate, let share = shares[fate] else { return nil }
            return TrafficStep(
                chain: chain, rule: .foreign(text), element: nil,
                why: "somebody else has put it there: what it does is not known", share: share)
        }
    }
}

/// Finds what definitions say of the service of an element.
struct ServiceFinder {
    let node: NodeTraffic
    /// Of the table that the element is in: the key of a node port does not tell.
    let family: IPFamily

    /// - Parameter element: of the map of services or of node ports.
    func service(_ element: Element) -> ServedService {
        let port = named(element) ?? claimant(element)
        return ServedService(label: port?.label ?? element.comment ?? "\(element.key)", port: port)
    }

    /// The port that the comment names, as far as a comment may be long: of several that claim a key one stands in the map.
    private func named(_ element: Element) -> ResolvedPort? {
        guard let words = element.comment?.prefix(while: { $0 != ":" }), let key = ObjectKey(words),
            let place = node.place(ofService: key)
        else { return nil }
        return node.services[place].ports.first {
            $0.isReached(by: element.key, family) && $0.label == element.comment
        }
    }

    private func claimant(_ element: Element) -> ResolvedPort? {
        let claimants = node.services.lazy.flatMap(\.ports).filter { $0.isReached(by: element.key, family) }
        return claimants.first { Element(element.key, comment: $0.label).comment == element.comment } ?? claimants.first
    }
}

extension ResolvedPort {
    /// Whether it is served under a key of the map of services or of node ports.
    fileprivate func isReached(by key: ElementKey, _ family: IPFamily) -> Bool {
        guard family == self.family else { return false }
        if let (transport, number) = key.port { return transport == `protocol` && number == nodePort }
        guard let (address, transport, number) = key.service else { return false }
        return transport == `protocol` && number == port
            && (address == clusterIP || externalIPs.contains(address) || balancerIPs.contains(address))
    }
}

extension ChainPurpose {
    /// Whether it only leads on to what says more.
    fileprivate var isMereEntrance: Bool {
        switch self {
        case .prerouting, .output, .affinityInput, .affinityPostrouting, .rememberAny: true
        default: false
        }
    }
}

extension Evaluation {
    /// What was met in the map of services or of node ports; the last such element, since a refused address may yield to a
    /// node port.
    fileprivate var serviceElement: Element? {
        let own = steps.last { $0.met?.set == .services || $0.met?.set == .nodePorts }?.met?.element
        guard case .choice(let branches) = ending else { return own }
        return branches.lazy.compactMap(\.rest.serviceElement).first ?? own
    }

    /// The steps of the way that ends without an endpoint; of several the first.
    fileprivate var lastSteps: [Step] { stepsToFailure ?? steps }

    private var stepsToFailure: [Step]? {
        switch ending {
        case .outcome(let outcome): outcome.fate.endpoint == nil ? steps : nil
        case .choice(let branches): branches.lazy.compactMap(\.rest.stepsToFailure).first.map { steps + $0 }
        }
    }

    fileprivate func collectSteps(
        _ share: Share, depth: Int, into found: inout [(depth: Int, step: Step, share: Share)]
    ) {
        for (index, step) in steps.enumerated() { found.append((depth + index, step, share)) }
        guard case .choice(let branches) = ending else { return }
        for branch in branches {
            guard let part = share * branch.share else { continue }
            branch.rest.collectSteps(part, depth: depth + steps.count, into: &found)
        }
    }
}

extension PacketOutcome.Fate {
    var endpoint: Endpoint? { if case .dnat(let endpoint) = self { endpoint } else { nil } }

    var verdict: TrafficOutcome.Verdict {
        switch self {
        case .dnat: .translate
        case .refused: .refuse
        case .dropped: .drop
        case .passed: .pass
        case .notKnown: .unknown
        }
    }
}
