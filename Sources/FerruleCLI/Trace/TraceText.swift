// SPDX-License-Identifier: Apache-2.0

internal import FerruleNFTText
internal import FerruleNetwork
internal import FerruleRuleset
internal import FerruleText
internal import FerruleTraffic

/// An answer for people: the outcome in a sentence, then the way, then where it may end.
struct TraceText {
    private let answer: TrafficAnswer
    private let wording: TraceWording
    private let isColored: Bool

    init(_ answer: TrafficAnswer, colored: Bool) {
        (self.answer, wording, isColored) = (answer, TraceWording(answer: answer), colored)
    }

    var text: String {
        let parts = [sentence, wording.remedy].compactMap(\.self)
        let sections = [parts.joined(separator: "\n"), way, ends].filter { !$0.isEmpty }
        return sections.joined(separator: "\n\n")
    }

    private var sentence: String { style(.bold, "\(wording.subject) \(wording.predicate)") + "." }

    // MARK: The way

    /// More ways than this are counted, not shown.
    private static let shown = 12

    private var way: String {
        guard !answer.steps.isEmpty else {
            return answer.outcomes.contains { $0.verdict == .unknown } ? "" : "No rule does anything with it."
        }
        var lines = ["The way (\(wording.entrance)):"]
        let width = answer.steps.map { "\($0.chain)".count }.max() ?? 0
        var alternatives = 0
        for step in answer.steps {
            if step.share != .whole {
                alternatives += 1
                if alternatives > TraceText.shown { continue }
            }
            let chain = "\(step.chain)"
            lines.append("  \(chain)\(blanks(width - chain.count))  \(step.rule.text(answer.packet.family))")
            let indent = blanks(width + 6)
            if let element = step.element { lines.append("\(indent)found: \(element)") }
            let share = step.share == .whole ? "" : "\(wording.percent(step.share)): "
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
                wording.percent(outcome.share), outcome.endpoint?.description ?? outcome.verdict.rawValue,
                [wording.place(of: outcome), outcome.isMasqueraded ? "masqueraded" : nil].compactMap(\.self)
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

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(count, 0)) }

    private func style(_ style: TerminalStyle, _ text: String) -> String { isColored ? style.applied(to: text) : text }
}

extension TrafficStep.Rule {
    /// In the language of nft; one of somebody else as libnftnl describes it.
    func text(_ family: IPFamily) -> String {
        switch self {
        case .own(let rule): rule.nftText(family)
        case .foreign(let text): text
        }
    }
}
