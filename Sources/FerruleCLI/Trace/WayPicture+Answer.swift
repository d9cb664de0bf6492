// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerrulePictures
internal import FerruleRuleset
internal import FerruleTraffic

extension WayPicture {
    /// How many ends are drawn, besides one for all others.
    private static let shown = 12
    /// How many nodes the others are counted by.
    fileprivate static let nodesShown = 4

    /// The picture of an answer. It shows what a text shows, in the same words.
    ///
    /// - Parameter source: who was said to send the packet.
    init(_ answer: TrafficAnswer, from source: TrafficSource) {
        let wording = TraceWording(answer: answer)
        let (packet, family) = (answer.packet, answer.packet.family)
        let common = answer.commonSteps
        let shown = WayPicture.choose(answer.outcomes)
        let own = answer.ownSteps(of: shown)
        var closing: [TrafficStep] = []
        for step in own.joined() where step.share == .whole && !closing.contains(step) { closing.append(step) }
        let hidden = answer.outcomes.count - shown.count
        self.init(
            subject: wording.subject, predicate: wording.outcome,
            source: Place(
                name: "\(packet.source)",
                detail: [source.words, wording.entrance, packet.inputInterface.map { "by \($0)" }]
                    .compactMap(\.self).joined(separator: ", ")),
            entrance: Place(
                name: "\(packet.destination)/\(packet.transport.name)", detail: answer.service?.label ?? ""),
            steps: common.map { Step($0, family) },
            ends: zip(shown, own).map { outcome, steps in
                End(outcome, steps.filter { $0.share != .whole }.map { Step(ofEnd: $0, family) }, answer, wording)
            },
            rest: hidden > 0 ? Rest(answer.outcomes, without: shown, wording) : nil,
            closing: closing.map { Step($0, family) })
    }

    /// Those that are drawn, in their order: what is unlike the others is among them.
    private static func choose(_ outcomes: [TrafficOutcome]) -> [TrafficOutcome] {
        guard outcomes.count > shown else { return outcomes }
        let kinds = Dictionary(grouping: outcomes.indices) { place in
            [outcomes[place].verdict == .translate, outcomes[place].isMasqueraded]
        }
        let common = kinds.values.max { ($0.count, $1[0]) < ($1.count, $0[0]) } ?? []
        let rare = Set(outcomes.indices).subtracting(common).sorted().prefix(shown - 1)
        let chosen = (rare + common.prefix(shown - rare.count)).sorted()
        return chosen.map { outcomes[$0] }
    }
}

extension TrafficSource {
    /// What the address alone does not say; how it comes to the rules says the rest.
    fileprivate var words: String? {
        switch self {
        case .pod(let key): "pod \(key)"
        case .outside: "from outside"
        case .address, .node: nil
        }
    }
}

extension WayPicture.Step {
    fileprivate init(_ step: TrafficStep, _ family: IPFamily, why: String? = nil) {
        self.init(
            chain: "\(step.chain)", rule: step.rule.text(family), element: step.element?.description,
            why: why ?? step.why)
    }

    /// A step to one of several ends. Where the endpoint is stands beside it already.
    fileprivate init(ofEnd step: TrafficStep, _ family: IPFamily) {
        let isOfSlot = if case .slot = ChainPurpose(step.chain), step.element != nil { true } else { false }
        self.init(step, family, why: isOfSlot ? "" : step.why)
    }
}

extension WayPicture.End {
    fileprivate init(
        _ outcome: TrafficOutcome, _ steps: [WayPicture.Step], _ answer: TrafficAnswer, _ wording: TraceWording
    ) {
        let detail = outcome.endpoint == nil ? answer.reason : wording.place(of: outcome)
        let marks = [
            outcome.endpoint != nil && outcome.isMasqueraded ? "masqueraded" : nil,
            outcome.isSticky ? "the client keeps it" : nil,
        ]
        self.init(
            kind: Kind(outcome.verdict), name: outcome.endpoint?.description ?? wording.fate(outcome),
            detail: detail ?? "", remedy: outcome.endpoint == nil ? wording.remedy : nil,
            marks: marks.compactMap(\.self),
            steps: steps, share: outcome.share.value,
            shareText: outcome.share == .whole ? nil : wording.percent(outcome.share))
    }
}

extension WayPicture.End.Kind {
    fileprivate init(_ verdict: TrafficOutcome.Verdict) {
        self =
            switch verdict {
            case .translate: .endpoint
            case .refuse: .refused
            case .drop: .dropped
            case .pass: .leftAlone
            case .unknown: .notKnown
            }
    }
}

extension WayPicture.Rest {
    fileprivate init(_ all: [TrafficOutcome], without shown: [TrafficOutcome], _ wording: TraceWording) {
        let seen = Set(shown)
        let hidden = all.filter { !seen.contains($0) }
        let nodes = Dictionary(grouping: hidden.filter { $0.node != nil }) { $0.node ?? "" }
        let named = nodes.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        func share(_ outcomes: some Sequence<TrafficOutcome>) -> Double { outcomes.reduce(0) { $0 + $1.share.value } }
        var details = named.prefix(WayPicture.nodesShown).map { node, outcomes in
            "\(outcomes.count) on \(node), \(wording.percent(share(outcomes)))"
        }
        let others = named.dropFirst(WayPicture.nodesShown)
        if !others.isEmpty {
            let count = others.reduce(0) { $0 + $1.value.count }
            details.append(
                "\(count) on \(others.count) other nodes, \(wording.percent(share(others.map(\.value).joined())))")
        }
        let sum = share(hidden)
        self.init(name: "and \(hidden.count) more", details: details, share: sum, shareText: wording.percent(sum))
    }
}
