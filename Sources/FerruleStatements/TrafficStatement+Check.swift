// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleText
internal import FerruleTraffic

/// What one sender on one node says of a statement.
enum StatementCheck {
    case holds
    case fails(StatementProblem)
    /// Nothing: the sender is on no such node.
    case isForAnotherNode
}

extension TrafficStatement {
    /// Whether what becomes of the traffic of one sender on one node is what the statement says.
    func check(_ source: TrafficSource, on node: NodeTraffic) -> StatementCheck {
        do throws(TrafficError) {
            let answers = try node.answers(from: source, to: to)
            var isHere = false
            for answer in answers {
                switch answer.bearing(on: node) {
                case .onAnotherNode: continue
                case .unknown(let problem): return .fails(problem)
                case .known where node.nodeName == ClusterResolver.unscheduledNode && end.isCounted:
                    // It may be that some of the others run elsewhere.
                    if let problem = answer.doubt { return .fails(problem) }
                case .known: break
                }
                isHere = true
                if let difference = difference(answer, node) { return .fails(StatementProblem(difference, answer)) }
            }
            guard isHere else { return .isForAnotherNode }
            let families = Set(answers.map(\.packet.family))
            guard let endpoint = end.listed.first(where: { !families.contains($0.address.family) }) else {
                return .holds
            }
            let problem = "it does not go to \(endpoint): nothing is sent by \(endpoint.address.family.rawValue)"
            return .fails(StatementProblem(problem, answers.first))
        } catch {
            // That node has no address of its own, for one.
            if node.nodeName == ClusterResolver.unscheduledNode { return .isForAnotherNode }
            return .fails(StatementProblem(error))
        }
    }

    /// What holds instead, in a few words; nil if the statement holds.
    private func difference(_ answer: TrafficAnswer, _ node: NodeTraffic) -> String? {
        let reached = answer.outcomes.filter { $0.verdict == .translate }
        let failed = answer.outcomes.first { $0.verdict != .translate }
        switch end.verdict {
        case let wanted where wanted != .translate:
            if !reached.isEmpty { return "it goes to \(counted(reached.count, "endpoint"))" }
            if let other = answer.outcomes.first(where: { $0.verdict != wanted }) { return other.verdict.words }
        default:
            if let failed { return (reached.isEmpty ? "" : "some of ") + failed.verdict.words }
            if let difference = end.difference(reached, answer.packet.family, node) { return difference }
            if let home = node.nodeName, answer.itself.contains(where: { $0.node == home && !$0.isMasqueraded }) {
                return "the pod would not take the answer where it reaches itself: that is not masqueraded"
            }
        }
        if let isMasqueraded, answer.others.contains(where: { $0.isMasqueraded != isMasqueraded }) {
            return isMasqueraded ? "it is not masqueraded" : "it is masqueraded"
        }
        guard let isSticky else { return nil }
        if reached.contains(where: { $0.isSticky != isSticky }) {
            return isSticky ? "clients do not keep their endpoint" : "clients keep their endpoint"
        }
        return isSticky && !answer.keepsItsWord(on: node) ? "clients that have an endpoint are sent to others" : nil
    }
}

extension TrafficStatement.End {
    fileprivate var verdict: TrafficOutcome.Verdict {
        switch self {
        case .pods, .endpoints, .these: .translate
        case .refused: .refuse
        case .dropped: .drop
        case .leftAlone: .pass
        }
    }

    /// Whether it says how many endpoints traffic goes to, or which.
    fileprivate var isCounted: Bool {
        switch self {
        case .pods(_, let count), .endpoints(let count): count != nil
        case .these: true
        case .refused, .dropped, .leftAlone: false
        }
    }

    /// The endpoints that a list names, of both families.
    fileprivate var listed: [Endpoint] { if case .these(let endpoints) = self { endpoints } else { [] } }

    /// Where traffic of an address family goes instead; nil if it goes where it is to.
    fileprivate func difference(_ reached: [TrafficOutcome], _ family: IPFamily, _ node: NodeTraffic) -> String? {
        let places = Set(reached.compactMap(\.endpoint))
        func differs(_ wanted: Int?, _ noun: String, of count: Int) -> String? {
            if let wanted, wanted != count { return "it goes to \(counted(count, noun))" }
            let (least, most) = (reached.map(\.share).min(), reached.map(\.share).max())
            return least == most ? nil : "not all \(noun)s have the same share"
        }
        switch self {
        case .pods(let group, let count):
            guard let other = reached.first(where: { $0.pod.map(group.holds) != true }), let endpoint = other.endpoint
            else { return differs(count, "pod", of: Set(reached.compactMap(\.pod)).count) }
            if let pod = other.pod { return "it goes to pod \(pod)" }
            let isUnknown = node.definitions?.pods.isEmpty != false
            return "it goes to \(endpoint), which is no pod that is known"
                + (isUnknown ? ": the input has no Pod objects" : "")
        case .endpoints(let count): return differs(count, "endpoint", of: places.count)
        case .these(let wanted):
            let all = Set(wanted.filter { $0.address.family == family })
            if let other = places.subtracting(all).min() {
                return "it goes to \(other)" + (all.isEmpty ? ", and the list has none of \(family.rawValue)" : "")
            }
            return all.subtracting(places).min().map { "it does not go to \($0)" }
                ?? differs(nil, "endpoint", of: places.count)
        case .refused, .dropped, .leftAlone: return nil
        }
    }
}

extension TrafficOutcome.Verdict {
    fileprivate var words: String {
        switch self {
        case .translate: "it goes to an endpoint"
        case .refuse: "it is refused"
        case .drop: "it is dropped"
        case .pass: "it is left alone"
        case .unknown: "it is not known what becomes of it"
        }
    }
}

extension TrafficAnswer {
    /// What an answer is worth, where it depends on which endpoints run on the node, and nobody knows where some of them do.
    enum Bearing {
        case known
        /// The sender, one of these endpoints, is on no such node.
        case onAnotherNode
        case unknown(StatementProblem)
    }

    func bearing(on node: NodeTraffic) -> Bearing {
        let isOwnNode = node.nodeName == ClusterResolver.unscheduledNode
        guard let undecided else { return isOwnNode ? .onAnotherNode : .known }
        if isOwnNode || undecided.homeless.contains(packet.source) {
            return isOwnNode && undecided.homeless.contains(packet.source) ? .known : .onAnotherNode
        }
        return doubt.map(Bearing.unknown) ?? .known
    }

    /// Why it is not known where traffic goes; nil where one endpoint alone is in question, which is the sender itself.
    fileprivate var doubt: StatementProblem? {
        guard let undecided, undecided.homeless != [packet.source] else { return nil }
        let service = service?.port.map { "\($0.namespace)/\($0.service)" } ?? "the service"
        return StatementProblem(
            "nobody knows where the pods of \(service) will run, and \(undecided.policy) is Local",
            hint: "EndpointSlices or Pods of the cluster say it")
    }

    /// The outcomes in which a pod reaches itself: on its node that has to be masqueraded, whatever else is.
    var itself: [TrafficOutcome] {
        entry == .output ? [] : outcomes.filter { $0.endpoint?.address == packet.source }
    }

    /// The other outcomes.
    var others: [TrafficOutcome] {
        entry == .output ? outcomes : outcomes.filter { $0.endpoint?.address != packet.source }
    }

    /// Whether a client that was given an endpoint comes to the same again.
    fileprivate func keepsItsWord(on node: NodeTraffic) -> Bool {
        evaluation.outcomes.allSatisfy { outcome, _ in
            var later = node
            later.environment.take(outcome.timeoutElements)
            return later.evaluate(packet, entry).outcomes.allSatisfy { $0.outcome.fate == outcome.fate }
        }
    }
}
