// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleRuleset

/// A change in words.
struct PlanLine {
    let text: String
    /// Why somebody should look at it twice; nil if nobody need.
    let danger: String?
}

extension ServiceDifference {
    /// `+`, `~` or `-`
    var sign: String {
        switch action {
        case .add: "+"
        case .change: "~"
        case .remove: "-"
        }
    }

    /// - Parameter limit: how many endpoints a line names at most.
    func lines(limit: Int) -> [PlanLine] { changes.map { $0.line(action, limit: limit) } }
}

extension ServiceChange {
    fileprivate func line(_ action: ServiceDifference.Action, limit: Int) -> PlanLine {
        PlanLine(text: text(isChange: action == .change, limit), danger: isDangerous ? danger : nil)
    }

    private var danger: String {
        switch kind {
        case .opened: "open to the outside"
        case .endpoints: "the last one goes"
        case .moved: "the old one goes"
        case .sourceRanges: "more may use it"
        default: "look twice"
        }
    }

    private func text(isChange: Bool, _ limit: Int) -> String {
        switch kind {
        case .opened(let view): (isChange ? "opens " : "") + "\(view.frontend) -> \(view.destination)"
        case .closed(let view): (isChange ? "closes " : "") + "\(view.frontend)"
        case .moved(let from, let to): "\(from.kind.words) \(from) -> \(to)"
        case .endpoints(let change):
            "endpoints \(change.before) -> \(change.after)\(change.audiences.words)\(place) (\(change.names(limit)))"
        case .answer(let audiences, let before, let after):
            "connections\(audiences.words)\(place) " + answer(before, after)
        case .affinity(let before, let after): "session affinity \(duration(before)) -> \(duration(after))\(place)"
        case .localPolicy(let before, let after):
            "external traffic policy \(before ? "Local" : "Cluster") -> \(after ? "Local" : "Cluster")\(place)"
        case .masquerade(let audiences, _, let after):
            "client addresses\(audiences.words) "
                + (after ? "kept -> replaced by the node's" : "replaced by the node's -> kept") + place
        case .sourceRanges(let before, let after): "source ranges \(ranges(before)) -> \(ranges(after))\(place)"
        }
    }

    /// Where it happens, if not at all frontends.
    private var place: String {
        isEverywhere ? "" : " at " + frontends.map(\.description).joined(separator: ", ")
    }

    private func answer(_ before: Route.Answer, _ after: Route.Answer) -> String {
        switch (before, after) {
        case (_, .served): "are no longer \(before.rawValue)"
        case (.served, _): "are \(after.rawValue) from now on"
        default: "are \(after.rawValue) instead of \(before.rawValue)"
        }
    }
}

extension ServiceView {
    /// `6 endpoints`, `refused, no endpoint`, `6 endpoints, from outside 2 on this node`
    fileprivate var destination: String {
        var text = destination(pods)
        if isLocal { text += ", from outside " + destination(outside) + (outside.endpoints.isEmpty ? "" : " here") }
        if let affinity { text += ", clients kept for \(duration(affinity))" }
        if let sourceRanges { text += ", only from \(ranges(sourceRanges))" }
        return text
    }

    private func destination(_ route: Route) -> String {
        route.endpoints.isEmpty
            ? "\(route.answer.rawValue), no endpoint" : counted(Set(route.endpoints).count, "endpoint")
    }
}

extension Frontend.Kind {
    fileprivate var words: String {
        switch self {
        case .clusterIP: "ClusterIP moves"
        case .externalAddress: "external address moves"
        case .nodePort: "moves"
        }
    }
}

extension EndpointChange {
    /// `- 10.244.1.12:7070, + 10.244.1.14:7070`
    fileprivate func names(_ limit: Int) -> String {
        let all = removed.map { "- \($0)" } + added.map { "+ \($0)" }
        guard all.count > limit else { return all.joined(separator: ", ") }
        let rest = all.count - limit
        // Of many on both sides some of each are shown.
        let removedShown = min(removed.count, max(limit / 2, limit - added.count))
        let shown = all.prefix(removedShown) + all.dropFirst(removed.count).prefix(limit - removedShown)
        return shown.joined(separator: ", ") + " and \(rest) more"
    }
}

extension [Audience] {
    /// Nothing for everybody, else ` for outside clients`.
    fileprivate var words: String {
        guard count < Audience.allCases.count else { return "" }
        let names = map { audience in
            switch audience {
            case .pods: "pods"
            case .node: "the node"
            case .outside: "outside clients"
            }
        }
        return " for " + names.joined(separator: " and ")
    }
}

extension SettingChange {
    var line: PlanLine {
        let name =
            switch setting {
            case .serviceCIDRs: "service CIDRs"
            case .podTraffic: "pod traffic"
            case .nodePortAddresses: "node port addresses"
            case .masqueradeAll: "masquerade all"
            case .masqueradeBit: "masquerade bit"
            case .rules: ""
            }
        let text =
            setting == .rules
            ? (before + after).joined(separator: ", ")
            : "\(name)\(family.map { " \($0.rawValue)" } ?? ""): \(list(before)) -> \(list(after))"
        return PlanLine(text: text, danger: isDangerous ? "node ports open at more addresses" : nil)
    }

    private func list(_ values: [String]) -> String { values.isEmpty ? "none" : values.joined(separator: ", ") }
}

extension KernelWork {
    /// `+1 -1 elements, 2 new chains`
    var words: String {
        var parts: [String] = []
        if !tablesMade.isEmpty { parts.append("makes " + tablesMade.map { "table \($0)" }.joined(separator: " and ")) }
        if !tablesRemoved.isEmpty {
            parts.append("removes " + tablesRemoved.map { "table \($0)" }.joined(separator: " and "))
        }
        if elementsAdded + elementsRemoved > 0 { parts.append("+\(elementsAdded) -\(elementsRemoved) elements") }
        if setsAdded > 0 { parts.append(counted(setsAdded, "new map")) }
        if chainsAdded > 0 { parts.append(counted(chainsAdded, "new chain")) }
        if chainsRewritten > 0 { parts.append(counted(chainsRewritten, "chain") + " with other rules") }
        if objectsRemoved > 0 { parts.append(counted(objectsRemoved, "object") + " removed") }
        return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
    }
}

/// `3h`, `10m`, `45s`; `none` for nil.
private func duration(_ seconds: Int?) -> String {
    guard let seconds else { return "none" }
    if seconds % 3600 == 0 { return "\(seconds / 3600)h" }
    return seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
}

private func ranges(_ ranges: [Prefix]?) -> String {
    guard let ranges else { return "all" }
    return ranges.isEmpty ? "none" : ranges.map(\.description).joined(separator: ", ")
}
