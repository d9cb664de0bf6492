// SPDX-License-Identifier: Apache-2.0

internal import FerruleNFTText
internal import FerruleNetwork
internal import FerruleRuleset
internal import FerruleText
internal import FerruleTraffic

/// An answer for people: the outcome in a sentence, then the way, then where it may end.
struct TraceText {
    private let answer: TrafficAnswer
    private let isColored: Bool

    init(_ answer: TrafficAnswer, colored: Bool) { (self.answer, isColored) = (answer, colored) }

    var text: String {
        let parts = [sentence, answer.remedy.map { "To change that: \($0)." }].compactMap(\.self)
        let sections = [parts.joined(separator: "\n"), way, ends].filter { !$0.isEmpty }
        return sections.joined(separator: "\n\n")
    }

    // MARK: The outcome in a sentence

    private var sentence: String {
        let packet = answer.packet
        let target = (answer.service.map { "\($0.label) " } ?? "") + "\(packet.destination)"
        let subject = "\(packet.transport.name.uppercased()) from \(packet.source) to \(target)"
        return style(.bold, "\(subject) \(predicate)") + "."
    }

    private var predicate: String {
        let reached = answer.outcomes.filter { $0.verdict == .translate }
        let failed = answer.outcomes.filter { $0.verdict != .translate }
        guard !reached.isEmpty else { return failed.first.map(failure) ?? "" }
        let rest = failed.first.map { ", \(percent($0)) of it \(failure($0))" } ?? ""
        return "\(places(reached))\(rest); \(masquerade(reached))\(affinity(reached))"
    }

    private func failure(_ outcome: TrafficOutcome) -> String {
        let reason = answer.reason.map { ": \($0)" } ?? ""
        let also = outcome.isMasqueraded ? " and masqueraded" : ""
        return switch outcome.verdict {
        case .translate: ""
        case .refuse: "is refused\(reason)"
        case .drop: "is dropped\(reason)"
        case .pass: "is left alone\(also)\(reason)"
        case .unknown: "may end in any way\(reason)"
        }
    }

    private func places(_ reached: [TrafficOutcome]) -> String {
        if reached.count == 1, let only = reached.first, let endpoint = only.endpoint {
            return "goes to \(endpoint)" + place(of: only).map { " (\($0))" }.orEmpty
        }
        let noun = reached.allSatisfy { $0.pod != nil } ? "pods" : "endpoints"
        let shares = reached.map(\.share)
        guard let least = shares.min(), let most = shares.max() else { return "" }
        return least == most
            ? "goes to one of \(reached.count) \(noun), each \(percent(least))"
            : "goes to one of \(reached.count) \(noun), \(percent(least)) to \(percent(most)) each"
    }

    private func masquerade(_ reached: [TrafficOutcome]) -> String {
        let count = reached.count { $0.isMasqueraded }
        if count == 0 { return "not masqueraded" }
        if count == reached.count { return "masqueraded" }
        let own = reached.filter(\.isMasqueraded).compactMap { $0.endpoint?.description }.joined(separator: ", ")
        return "masqueraded only to \(own)"
    }

    private func affinity(_ reached: [TrafficOutcome]) -> String {
        reached.allSatisfy(\.isSticky) ? "; the client keeps its endpoint" : ""
    }

    private func place(of outcome: TrafficOutcome) -> String? {
        switch (outcome.pod, outcome.node) {
        case (let pod?, let node?): "pod \(pod) on \(node)"
        case (let pod?, nil): "pod \(pod)"
        case (nil, let node?): "on \(node)"
        case (nil, nil): nil
        }
    }

    // MARK: The way

    /// More ways than this are counted, not shown.
    private static let shown = 12

    private var way: String {
        guard !answer.steps.isEmpty else { return "No rule does anything with it." }
        let entrance = answer.entry == .output ? "a process on the node sends it" : "it arrives at the node"
        var lines = ["The way (\(entrance)):"]
        let width = answer.steps.map { "\($0.chain)".count }.max() ?? 0
        var alternatives = 0
        for step in answer.steps {
            if step.share != .whole {
                alternatives += 1
                if alternatives > TraceText.shown { continue }
            }
            let chain = "\(step.chain)"
            lines.append("  \(chain)\(blanks(width - chain.count))  \(step.rule.nftText(answer.packet.family))")
            let indent = blanks(width + 6)
            if let element = step.element { lines.append("\(indent)found: \(element)") }
            let share = step.share == .whole ? "" : "\(percent(step.share)): "
            if !step.why.isEmpty || !share.isEmpty { lines.append("\(indent)\(share)\(step.why)") }
        }
        if alternatives > TraceText.shown {
            lines.append("  and \(counted(alternatives - TraceText.shown, "step")) of other ways like these")
        }
        return lines.joined(separator: "\n")
    }

    // MARK: Where it may end

    private var ends: String {
        guard answer.outcomes.count > 1 else { return "" }
        let rows = answer.outcomes.prefix(TraceText.shown).map { outcome in
            (
                percent(outcome.share), outcome.endpoint?.description ?? outcome.verdict.rawValue,
                [place(of: outcome), outcome.isMasqueraded ? "masqueraded" : nil].compactMap(\.self)
                    .joined(separator: ", ")
            )
        }
        let width = rows.map(\.1.count).max() ?? 0
        let shareWidth = rows.map(\.0.count).max() ?? 0
        var lines = rows.map { share, endpoint, place in
            let line = "  \(blanks(shareWidth - share.count))\(share)  \(endpoint)"
            return place.isEmpty ? line : "\(line)\(blanks(width - endpoint.count))  \(place)"
        }
        let more = answer.outcomes.count - rows.count
        if more > 0 { lines.append("  and \(more) more") }
        return (["Where it may go:"] + lines).joined(separator: "\n")
    }

    // MARK: Words

    private func percent(_ outcome: TrafficOutcome) -> String { percent(outcome.share) }

    /// `25 %`, `33.3 %`
    private func percent(_ share: Share) -> String {
        let tenths = (share.value * 1000).rounded()
        if share.value > 0, tenths < 1 { return "< 0.1 %" }
        let (whole, rest) = Int(tenths).quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? "\(whole) %" : "\(whole).\(rest) %"
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

    private func style(_ style: TerminalStyle, _ text: String) -> String { isColored ? style.applied(to: text) : text }
}

extension String? {
    fileprivate var orEmpty: String { self ?? "" }
}
