// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset
internal import FerruleTraffic

/// Says an answer in words, for texts and for drawings.
struct TraceWording {
    let answer: TrafficAnswer

    /// Which packet it is: `TCP from 10.244.0.5 to shop/web:http 10.96.0.80:80`
    var subject: String {
        let packet = answer.packet
        let target = (answer.service.map { "\($0.label) " } ?? "") + "\(packet.destination)"
        return "\(packet.transport.name.uppercased()) from \(packet.source) to \(target)"
    }

    /// What becomes of it; why, where it goes to no endpoint.
    var predicate: String { predicate(reason: answer.reason.map { ": \($0)" } ?? "") }

    /// The same without the reason.
    var outcome: String { predicate(reason: "") }

    /// What would have to be otherwise; nil where nothing can be named.
    var remedy: String? { answer.remedy.map { "To change that: \($0)." } }

    /// How the packet comes to the rules.
    var entrance: String { answer.entry == .output ? "a process on the node sends it" : "it arrives at the node" }

    private func predicate(reason: String) -> String {
        let reached = answer.outcomes.filter { $0.verdict == .translate }
        let failed = answer.outcomes.filter { $0.verdict != .translate }
        guard !reached.isEmpty else { return failed.first.map { fate($0) + reason } ?? "" }
        let rest = failed.first.map { ", \(percent($0.share)) of it \(fate($0))\(reason)" } ?? ""
        return "\(places(reached))\(rest); \(masquerade(reached))\(affinity(reached))"
    }

    /// `is refused`; nothing for what goes to an endpoint.
    func fate(_ outcome: TrafficOutcome) -> String {
        switch outcome.verdict {
        case .translate: ""
        case .refuse: "is refused"
        case .drop: "is dropped"
        case .pass: "is left alone" + (outcome.isMasqueraded ? " and masqueraded" : "")
        case .unknown: "may end in any way"
        }
    }

    private func places(_ reached: [TrafficOutcome]) -> String {
        if reached.count == 1, let only = reached.first, let endpoint = only.endpoint {
            return "goes to \(endpoint)" + (place(of: only).map { " (\($0))" } ?? "")
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

    /// `pod shop/web-1 on node-b`, as far as it is known.
    func place(of outcome: TrafficOutcome) -> String? {
        switch (outcome.pod, outcome.node) {
        case (let pod?, let node?): "pod \(pod) on \(node)"
        case (let pod?, nil): "pod \(pod)"
        case (nil, let node?): "on \(node)"
        case (nil, nil): nil
        }
    }

    /// `25 %`, `33.3 %`
    func percent(_ share: Share) -> String { percent(share.value) }

    func percent(_ share: Double) -> String {
        let tenths = (share * 1000).rounded()
        if share > 0, tenths < 1 { return "< 0.1 %" }
        let (whole, rest) = Int(tenths).quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? "\(whole) %" : "\(whole).\(rest) %"
    }
}
