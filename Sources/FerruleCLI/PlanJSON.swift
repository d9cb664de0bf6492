// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleRuleset

extension PlanReport {
    /// The plan for programs; `docs/plan-json.md` documents it. What is added to it keeps the version.
    var json: String {
        get throws { try JSONText.encode(PlanRecord(self)) }
    }
}

/// The document.
private struct PlanRecord: Encodable {
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
        var before: [String]
        var after: [String]
        var dangerous: Bool
    }

    struct Kernel: Encodable {
        var elementsAdded: Int
        var elementsRemoved: Int
        var setsAdded: Int
        var chainsAdded: Int
        var chainsRewritten: Int
        var objectsRemoved: Int
        var tablesMade: [String]
        var tablesRemoved: [String]
    }

    var version = 1
    var changed: Bool
    var counts: Counts
    var services: [ServiceRecord]
    var settings: [Setting]
    var drift: [String]
    var kernel: Kernel

    init(_ report: PlanReport) {
        let difference = report.difference
        changed = !difference.isEmpty
        counts = Counts(
            add: difference.count(.add), change: difference.count(.change), remove: difference.count(.remove),
            settings: difference.settings.count, drift: difference.drift.count, dangerous: difference.dangerCount)
        services = difference.services.map(ServiceRecord.init)
        settings = difference.settings.map {
            Setting(
                setting: $0.setting.rawValue, family: $0.family?.rawValue, before: $0.before, after: $0.after,
                dangerous: $0.isDangerous)
        }
        drift = difference.drift
        let work = report.work
        kernel = Kernel(
            elementsAdded: work.elementsAdded, elementsRemoved: work.elementsRemoved, setsAdded: work.setsAdded,
            chainsAdded: work.chainsAdded, chainsRewritten: work.chainsRewritten, objectsRemoved: work.objectsRemoved,
            tablesMade: work.tablesMade.map(\.description), tablesRemoved: work.tablesRemoved.map(\.description))
    }
}

private struct ServiceRecord: Encodable {
    var service: String
    var action: String
    var dangerous: Bool
    var changes: [ChangeRecord]

    init(_ service: ServiceDifference) {
        self.service = service.label
        action = service.action.rawValue
        dangerous = service.isDangerous
        changes = service.changes.map(ChangeRecord.init)
    }
}

private struct FrontendRecord: Encodable {
    var kind: String
    var family: String
    /// nil for a node port.
    var address: String?
    var port: Int?
    var `protocol`: String?

    init(_ frontend: Frontend) {
        kind = frontend.kind.rawValue
        family = frontend.family.rawValue
        `protocol` = frontend.transport?.name
        let service = frontend.key.service
        address = service?.address.description
        port = (service?.port ?? frontend.key.port?.port).map { Int($0.number) }
    }
}

private struct RouteRecord: Encodable {
    var endpoints: [String]
    var answer: String
    var masqueraded: Bool

    init(_ route: Route) {
        endpoints = Set(route.endpoints).sorted().map(\.description)
        answer = route.answer.rawValue
        masqueraded = route.isMasqueraded
    }
}

/// A value before and one after.
private enum SideRecord: Encodable {
    case number(Int?)
    case text(String)
    case flag(Bool)
    case texts([String]?)
    case frontend(FrontendRecord)

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

private struct ChangeRecord: Encodable {
    var type = ""
    var dangerous: Bool
    var frontends: [FrontendRecord]
    var audiences: [String]?
    var before: SideRecord?
    var after: SideRecord?
    var added: [String]?
    var removed: [String]?
    /// What becomes of the traffic of a frontend that opens or closes, by audience.
    var routes: [String: RouteRecord]?
    var affinitySeconds: Int?
    var sourceRanges: [String]?

    init(_ change: ServiceChange) {
        dangerous = change.isDangerous
        frontends = change.frontends.map(FrontendRecord.init)
        switch change.kind {
        case .opened(let view): describe("opened", view)
        case .closed(let view): describe("closed", view)
        case .moved(let from, let to):
            set("moved", .frontend(FrontendRecord(from)), .frontend(FrontendRecord(to)))
        case .endpoints(let change):
            set("endpoints", .number(change.before), .number(change.after), change.audiences)
            added = change.added.map(\.description)
            removed = change.removed.map(\.description)
        case .answer(let audiences, let before, let after):
            set("answer", .text(before.rawValue), .text(after.rawValue), audiences)
        case .affinity(let before, let after): set("affinitySeconds", .number(before), .number(after))
        case .localPolicy(let before, let after):
            set("externalTrafficPolicy", .text(before ? "Local" : "Cluster"), .text(after ? "Local" : "Cluster"))
        case .masquerade(let audiences, let before, let after):
            set("masquerade", .flag(before), .flag(after), audiences)
        case .sourceRanges(let before, let after):
            set("sourceRanges", .texts(before?.map(\.description)), .texts(after?.map(\.description)))
        }
    }

    private mutating func set(
        _ type: String, _ before: SideRecord, _ after: SideRecord, _ audiences: [Audience]? = nil
    ) {
        (self.type, self.before, self.after) = (type, before, after)
        self.audiences = audiences?.map(\.rawValue)
    }

    private mutating func describe(_ type: String, _ view: ServiceView) {
        self.type = type
        routes = Dictionary(
            uniqueKeysWithValues: Audience.allCases.map { ($0.rawValue, RouteRecord(view.route(of: $0))) })
        affinitySeconds = view.affinity
        sourceRanges = view.sourceRanges?.sorted().map(\.description)
    }
}
