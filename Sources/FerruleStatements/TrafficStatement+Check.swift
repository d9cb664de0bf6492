// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleText
internal import FerruleTraffic

extension TrafficStatement {
    /// What becomes of the traffic of one sender on one node, if it is not what the statement says.
    func problem(of source: TrafficSource, on node: NodeTraffic) -> StatementProblem? {
        do throws(TrafficError) {
            let answers = try node.answers(from: source, to: to)
            for answer in answers {
                if let difference = difference(answer, node) { return StatementProblem(difference, answer) }
            }
            let families = Set(answers.map(\.packet.family))
            return end.listed.first { !families.contains($0.address.family) }.map { endpoint in
                let family = endpoint.address.family.rawValue
                return StatementProblem("it does not go to \(endpoint): nothing is sent by \(family)", answers.first)
            }
        } catch {
            return StatementProblem(error)
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
