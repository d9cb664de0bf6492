// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// A table as traffic sees it: its services, and the settings that hold for all of them.
struct TableView {
    private(set) var services: [ServiceView] = []
    let settings: TableSettings

    private let family: IPFamily
    private let sets: [SetName: SetDefinition]
    private let chains: [ChainName: Chain]
    private let entrance: Entrance
    private var clusterIPs: Set<ElementKey> = []
    private var paths: [Verdict: PathsByAudience] = [:]
    private var ranges: [SetName: [ElementKey: [Prefix]]] = [:]

    /// - Parameter selection: the services to look at; nil for all.
    init(_ table: Table, only selection: ServiceSelection?) {
        family = table.family
        sets = Dictionary(table.sets.map { ($0.name, $0) }) { first, _ in first }
        chains = Dictionary(table.chains.map { ($0.name, $0) }) { first, _ in first }
        entrance = Entrance(table, chains)
        settings = TableSettings(entrance, sets)
        let virtual = elements(entrance.services)
        var leading = virtual + elements(entrance.nodePorts)
        if let selection { leading = leading.filter(selection.includes) }
        guard !leading.isEmpty else { return }
        clusterIPs = Set(elements(entrance.clusterIPs).map(\.key))
        let endpoints = EndpointLists(table.sets, of: leading)
        let affinity = AffinityIndex(table, chains, virtual: virtual)
        services.reserveCapacity(endpoints.keys.count)
        for (index, element) in endpoints.keys.enumerated() {
            guard case .verdict(let verdict) = element.value else { continue }
            services.append(view(element, verdict, endpoints, index, affinity))
        }
    }

    private func elements(_ set: SetName?) -> [Element] { set.flatMap { sets[$0] }?.elements ?? [] }

    private mutating func view(
        _ element: Element, _ verdict: Verdict, _ endpoints: EndpointLists, _ index: Int, _ affinity: AffinityIndex
    ) -> ServiceView {
        let paths = paths(of: verdict, endpoints)
        let pods = route(paths.pods, endpoints, index)
        let frontend = frontend(element.key)
        var seconds = paths.recallMaps.lazy.compactMap { affinity.seconds(element.key, $0) }.first
        if seconds == nil, !paths.recallMaps.isEmpty, frontend.kind == .nodePort, let name = element.comment {
            seconds = affinity.seconds(ofNodePortOf: name)
        }
        return ServiceView(
            ServicePortName(element.comment ?? frontend.description), frontend, pods: pods,
            node: paths.tellsSendersApart ? route(paths.node, endpoints, index) : pods,
            outside: paths.tellsSendersApart ? route(paths.outside, endpoints, index) : pods,
            sourceRanges: paths.pods.path.sourceRanges.first.map { sourceRanges(element.key, in: $0) },
            affinity: seconds,
            isLocal: paths.tellsSendersApart)
    }

    private func route(_ path: IndexedPath, _ endpoints: EndpointLists, _ index: Int) -> Route {
        let list = endpoints.endpoints(index, in: path.slots)
        return Route(
            endpoints: list, answer: list.isEmpty ? path.path.answer : .served,
            isMasqueraded: path.path.isMasqueraded)
    }

    private func frontend(_ key: ElementKey) -> Frontend {
        var kind = Frontend.Kind.nodePort
        if let address = key.service?.address {
            kind = clusterIPs.contains(.address(address)) ? .clusterIP : .externalAddress
        }
        return Frontend(kind: kind, family: family, key: key)
    }

    private mutating func paths(of verdict: Verdict, _ endpoints: EndpointLists) -> PathsByAudience {
        if let known = paths[verdict] { return known }
        func path(_ audience: Audience) -> IndexedPath {
            let path = TrafficPath(verdict, audience, in: chains)
            return IndexedPath(path: path, slots: endpoints.indices(of: path.slots))
        }
        let found = PathsByAudience(pods: path(.pods), node: path(.node), outside: path(.outside))
        paths[verdict] = found
        return found
    }

    /// The ranges that may use a key.
    private mutating func sourceRanges(_ key: ElementKey, in set: SetName) -> [Prefix] {
        if ranges[set] == nil {
            var found: [ElementKey: [Prefix]] = [:]
            for element in elements(set) {
                guard let (service, source) = element.key.serviceSource else { continue }
                found[service, default: []].append(source)
            }
            ranges[set] = found
        }
        return ranges[set]?[key] ?? []
    }
}

/// A path, with the numbers of its slots.
private struct IndexedPath {
    let path: TrafficPath
    /// True at the number of each slot that is looked up.
    let slots: [Bool]
}

private struct PathsByAudience {
    let pods: IndexedPath
    let node: IndexedPath
    let outside: IndexedPath

    var tellsSendersApart: Bool { pods.path.tellsSendersApart || outside.path.tellsSendersApart }

    var recallMaps: [SetName] { pods.path.recallMaps + (tellsSendersApart ? outside.path.recallMaps : []) }
}
