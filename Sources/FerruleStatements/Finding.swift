// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleTraffic

/// What became of the traffic of one sender on one node, in one address family.
struct Finding {
    let node: String?
    let source: TrafficSource
    let destination: Endpoint
    let transport: TransportProtocol
    /// nil where it may end in several ways, or where nothing is known.
    let summary: Summary?

    struct Summary: Hashable {
        let end: TrafficStatement.End
        let isMasqueraded: Bool?
        let isSticky: Bool
    }

    init(_ node: String?, _ source: TrafficSource, _ answer: TrafficAnswer, _ groups: PodGroups) {
        // How many of the endpoints run where a declared pod does nobody knows.
        let isUnscheduled = node == ClusterResolver.unscheduledNode
        (self.node, self.source) = (isUnscheduled ? nil : node, source)
        (destination, transport) = (answer.packet.destination, answer.packet.transport)
        summary = Summary(answer, groups, isCounted: !isUnscheduled)
    }
}

extension Finding.Summary {
    fileprivate init?(_ answer: TrafficAnswer, _ groups: PodGroups, isCounted: Bool) {
        let verdicts = Set(answer.outcomes.map(\.verdict))
        guard let verdict = verdicts.first, verdicts.count == 1 else { return nil }
        switch verdict {
        case .unknown: return nil
        case .refuse: self.init(end: .refused, isMasqueraded: nil, isSticky: false)
        case .drop: self.init(end: .dropped, isMasqueraded: nil, isSticky: false)
        case .pass: self.init(end: .leftAlone, isMasqueraded: nil, isSticky: false)
        case .translate:
            let masquerade = Set(answer.others.map(\.isMasqueraded))
            let affinity = Set(answer.outcomes.map(\.isSticky))
            guard masquerade.count <= 1, affinity.count == 1 else { return nil }
            self.init(
                end: groups.end(answer.outcomes, isCounted: isCounted), isMasqueraded: masquerade.first,
                isSticky: affinity.contains(true))
        }
    }
}

/// Names pods as people do.
struct PodGroups {
    private let definitions: ClusterResolver

    init(_ definitions: ClusterResolver) { self.definitions = definitions }

    /// Where traffic goes to, and to how many where that is to be told, by the names of pods if all are known and of one group. A
    /// pod may have several endpoints.
    func end(_ outcomes: [TrafficOutcome], isCounted: Bool) -> TrafficStatement.End {
        let groups = Set(outcomes.map { $0.pod.flatMap { definitions.pods[$0] }.map(PodGroup.init(of:)) })
        guard let group = groups.first, groups.count == 1, let group else {
            return .endpoints(count: isCounted ? outcomes.count : nil)
        }
        return .pods(group, count: isCounted ? Set(outcomes.map(\.pod)).count : nil)
    }
}
