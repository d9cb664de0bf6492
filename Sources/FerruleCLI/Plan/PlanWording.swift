// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleText
internal import FerruleNetwork
internal import FerrulePlanner

/// A change in words.
struct PlanLine {
    let text: String
    /// Whether somebody should look at it twice; the text says why.
    var isDangerous = false
}

/// Says in words what becomes of services.
struct PlanWording {
    let before: PlanOrigins
    let after: PlanOrigins
    /// Whether the plan is about all nodes, not for one.
    let isAboutAllNodes: Bool
    /// Those that there are, as far as anybody says.
    let nodes: KnownNodes

    /// One line for each change, and what else there is to know of the service.
    ///
    /// - Parameter limit: how many endpoints a line names at most.
    func lines(_ service: PortDifference, limit: Int) -> [PlanLine] {
        var lines = service.changes.map { line($0, of: service, limit) }
        if let former = service.formerName {
            lines.append(PlanLine(text: "called \(former.port.isEmpty ? former.label : former.port) before"))
        }
        if service.action == .remove, let reason = after.unserved[service.name.service] {
            lines.insert(PlanLine(text: reason.words("becomes", "is left")), at: 0)
        }
        if service.action == .add, let reason = before.unserved[service.name.service], !lines.isEmpty {
            lines[0] = PlanLine(
                text: lines[0].text + " (\(reason.words("was", "was left")))", isDangerous: lines[0].isDangerous)
        }
        return lines
    }

    /// What there is to know of rules, chains and sets of others that go: they are not followed.
    static let driftEffect = "what that did to traffic is not known"

    private func line(_ change: PortChange, of service: PortDifference, _ limit: Int) -> PlanLine {
        let text = text(change, of: service, limit)
        guard let danger = change.danger else {
            guard let successor = change.successor?.label else { return PlanLine(text: text) }
            return PlanLine(
                text: text + (change.isMove ? ": \(successor) has the old one" : ", which \(successor) has")
                    + " from now on")
        }
        if case .answer(let answer) = change.kind, answer.places != nil, danger == .loses {
            return PlanLine(text: text + ", clients there lose it", isDangerous: true)
        }
        // A colon, unless the text has one that is more than part of an address.
        return PlanLine(
            text: text + (text.contains(": ") ? ", " : ": ") + words(danger, of: change), isDangerous: true)
    }

    private func words(_ danger: PortChange.Danger, of change: PortChange) -> String {
        switch danger {
        case .opens: "open to the outside"
        case .widens: change.narrowsToo ? "more may use it, and some not any more" : "more may use it"
        case .narrows: "some may not use it any more"
        case .loses: "its clients lose it"
        case .losesLast: "the last one goes"
        case .passes:
            (change.isMove ? "clients of the old one" : "its clients")
                + " find \(change.successor?.label ?? "another service")"
        case .moves: "the old one goes"
        }
    }

    private func text(_ change: PortChange, of service: PortDifference, _ limit: Int) -> String {
        let place = place(of: change)
        let isChange = service.action == .change
        switch change.kind {
        case .opened(let view):
            return (isChange ? "opens " : "") + "\(words(view.frontend, after)) -> \(destination(view))"
        case .closed(let view):
            // What nobody has named is called as its place.
            if view.name.namespace.isEmpty { return "bears no service's name" }
            let isStillServed = service.after.contains { $0.frontend.isAt(view.frontend) }
            return (isChange ? "closes " : "") + words(view.frontend, before)
                + (isStillServed ? " to the outside" : "")
        case .moved(let from, let to): return "\(from.movement(to: to)) \(words(from, before)) -> \(words(to, after))"
        case .endpoints(let change): return words(change, at: place, limit)
        case .answer(let answer):
            // The places of some frontends show the family.
            let family = change.isEverywhere ? change.family.map { "\($0.rawValue) " } ?? "" : ""
            let subject = "\(family)connections\(words(answer.audiences))\(place)"
            guard let places = answer.places else { return "\(subject) \(answer.words)" }
            return "\(subject) \(Self.words(places, answer.placeOfOthers)): \(answer.after.rawValue)"
        case .affinity(let before, let after):
            return "session affinity \(duration(before)) -> \(duration(after))\(place)"
        case .affinityForgotten: return "session affinity\(place) begins anew: the port has another name"
        case .externalLocalPolicy(let before, let after):
            return "external traffic policy \(policy(before)) -> \(policy(after))\(place)"
        case .internalLocalPolicy(let before, let after):
            return "internal traffic policy \(policy(before)) -> \(policy(after))\(place)"
        case .masquerade(let audiences, _, let after):
            return "client addresses\(words(audiences)) "
                + (after ? "kept -> replaced by the node's" : "replaced by the node's -> kept") + place
        case .shares(let audiences, let areEqual):
            return
                "connections\(words(audiences))\(place) are shared out \(areEqual ? "equally" : "unequally") from now on"
        case .sourceRanges(let before, let after):
            return "source ranges \(ranges(before)) -> \(ranges(after))\(place)"
        }
    }

    /// Where it happens, if not at all frontends.
    private func place(of change: PortChange) -> String {
        change.isEverywhere ? "" : " at " + change.frontends.map { words($0, after) }.joined(separator: ", ")
    }

    /// `10.96.1.5:80/tcp (allocated)`
    ///
    /// - Parameter origins: of the side that it stands on.
    func words(_ frontend: Frontend, _ origins: PlanOrigins) -> String {
        "\(frontend)" + (origins.isAllocated(frontend) ? " (allocated)" : "")
    }
}

/// Endpoints.
extension PlanWording {
    /// Whether an endpoint of either side stands for a declared pod.
    func isAssumed(_ endpoint: Endpoint) -> Bool { after.isAssumed(endpoint) || before.isAssumed(endpoint) }

    /// `3 endpoints`, `3 replicas (assumed)`, `3 endpoints (1 assumed)`
    func count(_ endpoints: some Collection<Endpoint>) -> String {
        let assumed = endpoints.count(where: isAssumed)
        if assumed > 0, assumed == endpoints.count { return counted(assumed, "replica") + " (assumed)" }
        return counted(endpoints.count, "endpoint") + (assumed > 0 ? " (\(assumed) assumed)" : "")
    }

    /// `endpoints 3 -> 2 (- 10.244.1.12:7070)`, `replicas 5 -> 3 (assumed)`, `target port 8080 -> 9090 at 3 endpoints`
    private func words(_ change: EndpointChange, at place: String, _ limit: Int) -> String {
        let whose = words(change.audiences) + place + (change.places.map { " \(Self.words($0, "elsewhere"))" } ?? "")
        let moved = change.portChange?.addresses ?? []
        let removed = change.removed.filter { !moved.contains($0.address) }
        let added = change.added.filter { !moved.contains($0.address) }
        var parts: [String] = []
        if let ports = change.portChange {
            let staying = change.added.filter { moved.contains($0.address) }
            parts.append("target port \(ports.before) -> \(ports.after) at \(count(staying))")
        }
        if !removed.isEmpty || !added.isEmpty {
            let areAssumed =
                (change.removed + change.added + change.kept).allSatisfy(isAssumed)
                && !change.removed.contains(where: after.isAssumed) && !change.added.contains(where: before.isAssumed)
            let numbers = "\(change.before) -> \(change.after)"
            let names =
                areAssumed
                ? "assumed" + (change.before == change.after ? ", \(added.count) of them others" : "")
                : names(removed, added, limit)
            parts.append("\(areAssumed ? "replicas" : "endpoints") \(numbers)\(whose) (\(names))")
            return parts.joined(separator: ", ")
        }
        return parts.joined(separator: ", ") + whose
    }

    /// `- 10.244.1.12:7070, + 10.244.1.14:7070, + 2 assumed`
    private func names(_ removed: [Endpoint], _ added: [Endpoint], _ limit: Int) -> String {
        let removedNames = removed.filter { !isAssumed($0) }.map { "- \($0)" }
        let addedNames = added.filter { !isAssumed($0) }.map { "+ \($0)" }
        let assumed =
            assumed(removed, "-", after, "still declared") + assumed(added, "+", before, "declared before too")
        var all = removedNames + addedNames
        if all.count > limit {
            let rest = all.count - limit
            // Of many on both sides some of each are shown.
            let removedShown = min(removedNames.count, max(limit / 2, limit - addedNames.count))
            all = Array(removedNames.prefix(removedShown) + addedNames.prefix(limit - removedShown))
            all[all.count - 1] += " and \(rest) more"
        }
        return (all + assumed).joined(separator: ", ")
    }

    /// `- 3 assumed`, `- 3 assumed that are still declared`; nothing for none.
    ///
    /// - Parameters:
    ///   - other: the side that they are no endpoints of.
    ///   - words: what those are whose pods are declared there all the same.
    private func assumed(
        _ endpoints: [Endpoint], _ sign: String, _ other: PlanOrigins, _ words: String
    ) -> [String] {
        let all = endpoints.filter(isAssumed)
        let declared = all.count(where: other.isAssumed)
        return [
            declared < all.count ? "\(sign) \(all.count - declared) assumed" : nil,
            declared > 0 ? "\(sign) \(declared) assumed that \(declared == 1 ? "is" : "are") \(words)" : nil,
        ].compactMap(\.self)
    }

    /// `6 endpoints`, `refused, no endpoint`, `6 endpoints, from outside 2 here`
    func destination(_ view: FrontendView) -> String {
        var text = destination(view.pods)
        if view.isLocal {
            if view.outside.places?.areLocal == true {
                text += ", from outside those on the node itself" + onOtherNodes(view.outside, view)
            } else {
                text += ", from outside " + destination(view.outside)
                if !view.outside.endpoints.isEmpty { text += isAboutAllNodes ? "" : " here" }
            }
        } else if view.pods.places?.areLocal == true {
            text += " for clients on their own nodes" + onOtherNodes(view.pods, view)
        } else if view.pods.places != nil {
            text += ", by topology hints"
        }
        if let affinity = view.affinity { text += ", sticky for \(duration(affinity))" }
        if let sourceRanges = view.sourceRanges { text += ", only from \(ranges(sourceRanges))" }
        return text
    }

    private func destination(_ route: Route) -> String {
        route.endpoints.isEmpty ? "\(route.answer.rawValue), no endpoint" : count(Set(route.endpoints))
    }

    private func onOtherNodes(_ route: Route, _ view: FrontendView) -> String {
        guard let places = route.places else { return "" }
        let others = nodes.others(than: places.lists.keys, seen: view.places)
        guard others?.isEmpty != true else { return "" }
        let place = others.map { "on " + Self.listed($0) } ?? "on nodes without an endpoint"
        return " (\(place): \(places.otherAnswer.rawValue))"
    }
}

/// Places and audiences.
extension PlanWording {
    private static let namesShown = 4

    /// `on node-a and node-b`, `on nodes without an endpoint`
    ///
    /// - Parameter others: what all places that bear no name are called.
    static func words(_ places: [NodePlace], _ others: String) -> String {
        var texts: [String] = []
        let nodes = places.compactMap { if case .node(let name) = $0 { name } else { nil } }
        let zones = places.compactMap { if case .zone(let name) = $0 { name } else { nil } }
        if !nodes.isEmpty { texts.append("on " + listed(nodes)) }
        if !zones.isEmpty { texts.append((zones.count == 1 ? "in zone " : "in zones ") + listed(zones)) }
        if places.contains(.unscheduled) { texts.append("on the nodes that its pods are going to run on") }
        if places.contains(.others) { texts.append(others) }
        return texts.joined(separator: " and ")
    }

    /// `a, b and c`; of many the first ones, and how many there are besides.
    static func listed(_ names: [String]) -> String {
        guard names.count > namesShown else {
            return names.count < 2
                ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
        }
        return FerruleText.listed(names, shown: namesShown)
    }

    /// Nothing for everybody, else ` for outside clients`.
    private func words(_ audiences: [Audience]) -> String {
        guard audiences.count < Audience.allCases.count else { return "" }
        let names = audiences.map { audience in
            switch audience {
            case .pods: "pods"
            case .node: "the node"
            case .outside: "outside clients"
            }
        }
        return " for " + names.joined(separator: " and ")
    }
}

extension PortChange {
    fileprivate var isMove: Bool { if case .moved = kind { true } else { false } }

    /// Whether it keeps out some sources, whomever else it lets in.
    fileprivate var narrowsToo: Bool {
        guard case .sourceRanges(let before, let after) = kind else { return false }
        return before.reaches(beyond: after)
    }
}

extension AnswerChange {
    /// `are refused from now on`
    fileprivate var words: String {
        switch (before, after) {
        case (_, .served): "are no longer \(before.rawValue)"
        case (.served, _): "are \(after.rawValue) from now on"
        default: "are \(after.rawValue) instead of \(before.rawValue)"
        }
    }

    /// Where packets find no endpoint, before or after, that is because none is on the node.
    fileprivate var placeOfOthers: String { after == .served ? "on all other nodes" : "on nodes without an endpoint" }
}

extension Frontend {
    /// `ClusterIP moves`
    fileprivate func movement(to other: Frontend) -> String {
        guard let address else { return "moves" }
        let what =
            switch kind {
            case .clusterIP: "ClusterIP"
            case .externalAddress: "external address"
            case .nodePort: "node port"
            }
        if address != other.address { return port == other.port ? "\(what) moves" : "\(what) and port move" }
        return port == other.port ? "protocol changes" : "port moves"
    }
}

extension PlanOrigins.Unserved {
    /// `becomes headless`, `is left to another proxy`
    func words(_ verb: String, _ leaving: String) -> String {
        switch self {
        case .headless: "\(verb) headless"
        case .externalName: "\(verb) an ExternalName"
        case .otherProxy: "\(leaving) to another proxy"
        }
    }
}

private func policy(_ isLocal: Bool) -> String { isLocal ? "Local" : "Cluster" }

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
