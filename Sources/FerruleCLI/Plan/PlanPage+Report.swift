// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleNetwork
internal import FerrulePictures
internal import FerrulePlanner
internal import FerruleText

extension PlanPage {
    /// How many endpoints a line of words names.
    private static let endpointsNamed = 4
    /// How many lines say who can reach what.
    private static let reaches = 50

    /// The page of a report, in the words of its text.
    init(_ report: PlanReport) {
        let difference = report.difference
        var tallies = [
            Tally(count: difference.count(.add), words: "to add", kind: .add),
            Tally(count: difference.count(.change), words: "to change", kind: .change),
            Tally(count: difference.count(.remove), words: "to remove", kind: .remove),
            Tally(count: difference.dangerCount, words: "dangerous", kind: nil),
        ]
        if !difference.settings.isEmpty {
            tallies.append(Tally(count: difference.settings.count, words: "of all services", kind: .change))
        }
        if !difference.drift.isEmpty {
            tallies.append(Tally(count: difference.drift.count, words: "of others, to remove", kind: .remove))
        }
        let isQuiet = difference.isEmpty
        self.init(
            title: "Ferrule plan for " + (report.nodeName.map { "node \($0)" } ?? "all nodes"),
            summary: isQuiet ? "No changes." : report.counts, tallies: isQuiet ? [] : tallies,
            notes: report.notes,
            groups: [
                Group(title: "Dangerous changes", items: PlanPage.items(of: report, areDangerous: true)),
                Group(title: "Other changes", items: PlanPage.items(of: report, areDangerous: false)),
            ],
            reach: difference.reach.lines(atMost: PlanPage.reaches).map {
                Reach(kind: $0.sign == "+" ? .add : $0.sign == "-" ? .remove : nil, text: $0.text)
            },
            namespaces: report.namespaces.map {
                Namespace(name: $0.namespace, counts: [$0.added, $0.changed, $0.removed, $0.dangerous])
            },
            kernel: report.work.isEmpty
                ? "" : (isQuiet ? "Without effect on traffic: " : "") + "\(report.kernelWords).",
            warnings: report.warningLines)
    }

    private static func items(of report: PlanReport, areDangerous: Bool) -> [Item] {
        let settings = report.difference.settings.filter { $0.isDangerous == areDangerous }.map { setting in
            Item(
                name: "all services", kind: .change, isDangerous: areDangerous, changes: [Change(setting.line)],
                ways: nil)
        }
        let services = report.difference.services.filter { $0.isDangerous == areDangerous }.map { service in
            Item(
                name: service.name.label, kind: Kind(service.action), isDangerous: areDangerous,
                changes: report.wording.lines(service, limit: endpointsNamed).map(Change.init),
                ways: Ways(service, report.wording))
        }
        guard !areDangerous else { return settings + services }
        let drift = report.difference.drift.map { object in
            let change = Change(text: "put there by somebody else; \(PlanWording.driftEffect)", isDangerous: false)
            return Item(name: object, kind: .remove, isDangerous: false, changes: [change], ways: nil)
        }
        return settings + services + drift
    }
}

extension PlanPage.Kind {
    fileprivate init(_ action: PortDifference.Action) {
        self =
            switch action {
            case .add: .add
            case .change: .change
            case .remove: .remove
            }
    }
}

extension PlanPage.Change {
    fileprivate init(_ line: PlanLine) { self.init(text: line.text, isDangerous: line.isDangerous) }
}

extension PlanPage.Ways {
    /// How many entrances a side shows.
    private static let entrancesShown = 24

    fileprivate init(_ service: PortDifference, _ wording: PlanWording) {
        let pairs = FrontendPairs(service)
        func side(_ views: [FrontendView], _ origins: PlanOrigins, _ partner: (FrontendView) -> FrontendView?)
            -> PlanPage.Side
        {
            let entrances = views.sorted { $0.frontend < $1.frontend }.prefix(Self.entrancesShown).map { view in
                PlanPage.Entrance(view, besides: partner(view), origins, wording)
            }
            let absence = origins.unserved[service.name.service]?.words("is", "is left") ?? "is not there"
            return PlanPage.Side(entrances: entrances, absence: absence)
        }
        self.init(
            before: side(service.before, wording.before) { pairs.after[$0.frontend] },
            after: side(service.after, wording.after) { pairs.before[$0.frontend] })
    }
}

/// Which frontend before is which one after: the same, or where it has moved to.
private struct FrontendPairs {
    /// By the frontends of the other side.
    private(set) var before: [Frontend: FrontendView] = [:]
    private(set) var after: [Frontend: FrontendView] = [:]

    init(_ service: PortDifference) {
        let moves = service.changes.compactMap { change in
            if case .moved(let from, let to) = change.kind { (from, to) } else { nil }
        }
        for old in service.before {
            let place = moves.first { $0.0 == old.frontend }?.1 ?? old.frontend
            guard let new = service.after.first(where: { $0.frontend.isAt(place) }) else { continue }
            (before[new.frontend], after[old.frontend]) = (old, new)
        }
    }
}

extension PlanPage.Entrance {
    /// How many endpoints it shows.
    private static let endpointsShown = 12

    /// - Parameter partner: what it is on the other side; nil where it is not there.
    fileprivate init(
        _ view: FrontendView, besides partner: FrontendView?, _ origins: PlanOrigins, _ wording: PlanWording
    ) {
        let own = view.knownEndpoints(wording)
        let others = partner.map { Set($0.knownEndpoints(wording)) }
        let destination = wording.destination(view)
        let isOther = others.map { others in
            partner?.frontend != view.frontend || partner.map(wording.destination) != destination
                || others != Set(own)
        }
        // Of many those come first that are on one side alone.
        let sorted = others.map { others in own.filter { !others.contains($0) } + own.filter(others.contains) } ?? own
        self.init(
            place: wording.words(view.frontend, origins), destination: destination, isOther: isOther ?? true,
            endpoints: sorted.prefix(Self.endpointsShown).map { endpoint in
                PlanPage.Endpoint(name: "\(endpoint)", isOther: others?.contains(endpoint) == false)
            }, more: max(0, own.count - Self.endpointsShown))
    }
}

extension FrontendView {
    /// Those of all its traffic, sorted, without those that stand for declared pods.
    fileprivate func knownEndpoints(_ wording: PlanWording) -> [Endpoint] {
        Set(Audience.allCases.flatMap { route(of: $0).endpoints }).filter { !wording.isAssumed($0) }.sorted()
    }
}
