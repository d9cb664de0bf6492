// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleRuleset

extension PlanReport {
    /// The plan for programs; `docs/plan-json.md` documents it. What is added to it keeps the version.
    var json: String {
        get throws { try JSONText.encode(PlanJSON(self)) }
    }
}

/// The document.
private struct PlanJSON: Encodable {
    struct Counts: Encodable {
        var add: Int
        var change: Int
        var remove: Int
        var settings: Int
        var drift: Int
        var dangerous: Int
    }

    struct Setting: Encodable {
        var setting: String
        var family: String?
        /// Absent where it is about all nodes.
        var node: String?
        var before: [String]
        var after: [String]
        var dangerous: Bool
    }

    struct Namespace: Encodable {
        var namespace: String
        var add: Int
        var change: Int
        var remove: Int
        var dangerous: Int
    }

    var version = 1
    var changed: Bool
    var counts: Counts
    var namespaces: [Namespace]
    /// Absent where the plan is about all nodes.
    var node: String?
    var notes: [String]
    var warnings: [DiagnosticJSON]
    var services: [ServiceDifferenceJSON]
    var settings: [Setting]
    var reach: [ReachChangeJSON]
    var drift: [String]
    var kernel: KernelWorkJSON

    init(_ report: PlanReport) {
        let difference = report.difference
        changed = !difference.isEmpty
        counts = Counts(
            add: difference.count(.add), change: difference.count(.change), remove: difference.count(.remove),
            settings: difference.settings.count, drift: difference.drift.count, dangerous: difference.dangerCount)
        namespaces = report.namespaces.map {
            Namespace(
                namespace: $0.namespace, add: $0.added, change: $0.changed, remove: $0.removed, dangerous: $0.dangerous)
        }
        node = report.nodeName
        notes = report.notes
        warnings = report.diagnostics.map(DiagnosticJSON.init)
        services = difference.services.map { ServiceDifferenceJSON($0, report.wording) }
        settings = difference.settings.map {
            Setting(
                setting: $0.setting.rawValue, family: $0.family?.rawValue, node: $0.node, before: $0.before,
                after: $0.after,
                dangerous: $0.isDangerous)
        }
        reach = difference.reach.map { ReachChangeJSON($0, report.wording) }
        drift = difference.drift
        kernel = KernelWorkJSON(report.work)
    }
}

private struct ServiceDifferenceJSON: Encodable {
    var service: String
    var formerName: String?
    var action: String
    var dangerous: Bool
    /// Why a service that comes had no address before, or one that goes has none from now on.
    var unserved: String?
    var changes: [ServiceChangeJSON]

    init(_ service: PortDifference, _ wording: PlanWording) {
        self.service = service.name.label
        formerName = service.formerName?.label
        action = service.action.rawValue
        dangerous = service.isDangerous
        switch service.action {
        case .add: unserved = wording.before.unserved[service.name.service]?.rawValue
        case .remove: unserved = wording.after.unserved[service.name.service]?.rawValue
        case .change: unserved = nil
        }
        changes = service.changes.map { ServiceChangeJSON($0, wording) }
    }
}

private struct FrontendJSON: Encodable {
    var kind: String
    var family: String
    /// nil for a node port.
    var address: String?
    var port: Int?
    var `protocol`: String?
    /// Present where Ferrule has chosen the address or node port.
    var allocated: Bool?

    init(_ frontend: Frontend, _ origins: PlanOrigins) {
        kind = frontend.kind.rawValue
        family = frontend.family.rawValue
        `protocol` = frontend.transport?.name
        address = frontend.address?.description
        port = frontend.port.map { Int($0.number) }
        allocated = origins.isAllocated(frontend) ? true : nil
    }
}

/// Clients who find endpoints from now on, or do not any more.
private struct ReachChangeJSON: Encodable {
    struct ClientJSON: Encodable {
        var kind: String
        var range: String?

        init(_ client: Client) {
            switch client {
            case .pods: kind = "pods"
            case .nodes: kind = "nodes"
            case .outside: kind = "outside"
            case .range(let range): (kind, self.range) = ("range", range.description)
            }
        }
    }

    var service: String
    var port: Int?
    var `protocol`: String?
    var change: String
    var clients: [ClientJSON]
    var frontends: [FrontendJSON]
    var others: [ClientJSON]
    /// Absent where they could, or can, on no node.
    var places: [PlaceJSON]?

    init(_ change: ReachChange, _ wording: PlanWording) {
        service = change.service.label
        port = change.port.map { Int($0.number) }
        `protocol` = change.transport?.name
        self.change = change.isGain ? "gain" : "loss"
        clients = change.clients.map(ClientJSON.init)
        frontends = change.frontends.map { FrontendJSON($0, change.isGain ? wording.after : wording.before) }
        others = change.others.map(ClientJSON.init)
        places = change.places?.map { PlaceJSON($0) }
    }
}

private struct RouteJSON: Encodable {
    var endpoints: [String]
    /// How many of them stand for declared pods.
    var assumed: Int?
    var answer: String
    var masqueraded: Bool
    /// What nodes do, where they do not do the same.
    var places: [PlaceJSON]?

    init(_ route: Route, of view: FrontendView, _ wording: PlanWording) {
        let all = Set(route.endpoints)
        endpoints = all.sorted().map(\.description)
        let assumedCount = all.count(where: wording.isAssumed)
        assumed = assumedCount > 0 ? assumedCount : nil
        answer = route.answer.rawValue
        masqueraded = route.isMasqueraded
        places = route.places.map { places in
            let hasOthers = wording.nodes.others(than: places.lists.keys, seen: view.places)?.isEmpty != true
            return (places.lists.keys.sorted() + (hasOthers ? [.others] : [])).map { place in
                PlaceJSON(place, endpoints: route.endpoints(at: place), answer: route.answer(at: place))
            }
        }
    }
}

/// Nodes that treat packets alike.
private struct PlaceJSON: Encodable {
    var kind: String
    var name: String?
    var endpoints: [String]?
    var answer: String?

    init(_ place: NodePlace, endpoints: [Endpoint]? = nil, answer: Route.Answer? = nil) {
        kind =
            switch place {
            case .node: "node"
            case .zone: "zone"
            case .unscheduled: "unscheduled"
            case .others: "others"
            }
        name = place.name.isEmpty ? nil : place.name
        self.endpoints = endpoints.map { Set($0).sorted().map(\.description) }
        self.answer = answer?.rawValue
    }
}

/// A value before and one after.
private enum SideJSON: Encodable {
    case number(Int?)
    case text(String)
    case flag(Bool)
    case texts([String]?)
    case frontend(FrontendJSON)

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .flag(let value): try container.encode(value)
        case .texts(let value): try container.encode(value)
        case .frontend(let value): try container.encode(value)
        }
    }
}

private struct ServiceChangeJSON: Encodable {
    struct TargetPort: Encodable {
        var before: Int
        var after: Int
    }

    var type = ""
    var dangerous: Bool
    var danger: String?
    var frontends: [FrontendJSON]
    var audiences: [String]?
    var places: [PlaceJSON]?
    var before: SideJSON?
    var after: SideJSON?
    var added: [String]?
    var removed: [String]?
    /// How many of those that come and go stand for declared pods.
    var assumed: Int?
    var targetPort: TargetPort?
    /// Who has the place of a frontend that closes, or the old place of one that moves.
    var successor: String?
    /// What becomes of the traffic of a frontend that opens or closes, by audience.
    var routes: [String: RouteJSON]?
    var affinitySeconds: Int?
    var sourceRanges: [String]?

    init(_ change: PortChange, _ wording: PlanWording) {
        dangerous = change.isDangerous
        danger = change.danger?.rawValue
        let isOver = if case .closed = change.kind { true } else { false }
        frontends = change.frontends.map { FrontendJSON($0, isOver ? wording.before : wording.after) }
        successor = change.successor?.label
        switch change.kind {
        case .opened(let view): describe("opened", view, wording)
        case .closed(let view): describe("closed", view, wording)
        case .moved(let from, let to):
            set(
                "moved", .frontend(FrontendJSON(from, wording.before)), .frontend(FrontendJSON(to, wording.after)))
        case .endpoints(let change): describe(change, wording)
        case .answer(let change):
            set("answer", .text(change.before.rawValue), .text(change.after.rawValue), change.audiences)
            places = change.places?.map { PlaceJSON($0) }
        case .affinity(let before, let after): set("affinitySeconds", .number(before), .number(after))
        case .affinityForgotten: type = "affinityForgotten"
        case .externalLocalPolicy(let before, let after): setPolicy("externalTrafficPolicy", before, after)
        case .internalLocalPolicy(let before, let after): setPolicy("internalTrafficPolicy", before, after)
        case .masquerade(let audiences, let before, let after):
            set("masquerade", .flag(before), .flag(after), audiences)
        case .shares(let audiences, let areEqual):
            set("shares", .text(areEqual ? "unequal" : "equal"), .text(areEqual ? "equal" : "unequal"), audiences)
        case .sourceRanges(let before, let after):
            set("sourceRanges", .texts(before?.map(\.description)), .texts(after?.map(\.description)))
        }
    }

    private mutating func set(
        _ type: String, _ before: SideJSON, _ after: SideJSON, _ audiences: [Audience]? = nil
    ) {
        (self.type, self.before, self.after) = (type, before, after)
        self.audiences = audiences?.map(\.rawValue)
    }

    private mutating func setPolicy(_ type: String, _ before: Bool, _ after: Bool) {
        set(type, .text(before ? "Local" : "Cluster"), .text(after ? "Local" : "Cluster"))
    }

    private mutating func describe(_ change: EndpointChange, _ wording: PlanWording) {
        set("endpoints", .number(change.before), .number(change.after), change.audiences)
        places = change.places?.map { PlaceJSON($0) }
        added = change.added.map(\.description)
        removed = change.removed.map(\.description)
        let assumedCount = (change.added + change.removed).count(where: wording.isAssumed)
        assumed = assumedCount > 0 ? assumedCount : nil
        targetPort = change.portChange.map {
            TargetPort(before: Int($0.before.number), after: Int($0.after.number))
        }
    }

    private mutating func describe(_ type: String, _ view: FrontendView, _ wording: PlanWording) {
        self.type = type
        routes = Dictionary(
            uniqueKeysWithValues: Audience.allCases.map {
                ($0.rawValue, RouteJSON(view.route(of: $0), of: view, wording))
            })
        affinitySeconds = view.affinity
        sourceRanges = view.sourceRanges?.sorted().map(\.description)
    }
}
