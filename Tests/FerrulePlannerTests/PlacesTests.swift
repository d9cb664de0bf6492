// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerrulePlanner
import FerruleResolution
import FerruleRuleset
import RandomClusters
import Testing

/// Plans about all nodes.
@Suite("Places")
struct PlacesTests {
    /// A cluster, with the local endpoints that its service ports have on each node.
    private struct Nodes {
        var cluster: TestCluster
        /// By node, then for each port the positions of its endpoints that are there.
        var local: [String: [[Int]]]

        /// As a node without endpoints sees it.
        var ruleset: Ruleset {
            get throws { try seen([]) }
        }

        var placed: [NodePlace: Ruleset] {
            get throws {
                var placed: [NodePlace: Ruleset] = [:]
                for (name, positions) in local { placed[.node(name)] = try seen(positions) }
                return placed
            }
        }

        private func seen(_ positions: [[Int]]) throws -> Ruleset {
            var cluster = cluster
            for port in cluster.ports.indices { cluster.ports[port].endpoints.local = [] }
            for (port, local) in positions.enumerated() {
                cluster.ports[port].endpoints.local = local.map { cluster.ports[port].endpoints.cluster[$0] }
            }
            return try cluster.ruleset()
        }
    }

    /// One service of six endpoints with a node port: the first three on node-a and node-b, the others nobody knows where.
    private func nodes(_ change: (inout ResolvedPort) -> Void = { _ in }) throws -> Nodes {
        var cluster = TestCluster()
        cluster.podCIDRs = [try #require(Prefix("10.244.0.0/16"))]
        var port = try TestCluster.port(1, endpoints: 6)
        port.nodePort = Port(30_001)
        change(&port)
        cluster.ports = [port]
        return Nodes(cluster: cluster, local: ["node-a": [[0, 1]], "node-b": [[2]]])
    }

    private func difference(
        _ before: Nodes, _ after: Nodes, known: [String: String?] = [:], gone: Set<NodePlace> = []
    ) throws -> Difference {
        let (actual, wanted) = (try before.ruleset, try after.ruleset)
        let plan = Planner.plan(from: actual, to: wanted)
        return Difference(
            from: actual, to: wanted, placed: (try before.placed, try after.placed),
            nodes: KnownNodes(known, gone: gone), plan: plan)
    }

    private func kinds(_ difference: Difference) throws -> [PortChange.Kind] {
        try #require(difference.services.count == 1)
        return difference.services[0].changes.map(\.kind)
    }

    @Test("policy Local keeps the endpoints, and drops where there is none", arguments: [true, false])
    func externalPolicy(isLocalAfter: Bool) throws {
        let (cluster, local) = (try nodes(), try nodes { $0.externalPolicy = .local })
        let difference = try isLocalAfter ? difference(cluster, local) : difference(local, cluster)
        let answers: (Route.Answer, Route.Answer) = isLocalAfter ? (.served, .dropped) : (.dropped, .served)
        #expect(
            try kinds(difference).prefix(2) == [
                .externalLocalPolicy(before: !isLocalAfter, after: isLocalAfter),
                // The other three endpoints are on no node that is known, so they count for the policy Cluster alone.
                .endpoints(try #require(endpointChange(difference))),
            ])
        #expect(
            try kinds(difference).contains(
                .answer(AnswerChange(before: answers.0, after: answers.1, places: [.others], audiences: [.outside]))))
        // Who is outside loses the service on the other nodes, or is let in there.
        #expect(difference.services[0].changes.compactMap(\.danger) == [isLocalAfter ? .loses : .opens])
        #expect(reach(difference) == ["\(isLocalAfter ? "-" : "+") outside at [others]"])
    }

    /// `+ outside at [node("node-c")]`
    private func reach(_ difference: Difference) -> [String] {
        difference.reach.map { change in
            "\(change.isGain ? "+" : "-") \(change.clients.map { "\($0)" }.joined(separator: ", ")) at "
                + (change.places.map { places in
                    "[" + places.map { $0.name.isEmpty ? "\($0)" : $0.name }.joined(separator: ", ") + "]"
                } ?? "any")
        }
    }

    @Test("what is lost on a node that is gone is not told; what is lost for good is")
    func goneNode() throws {
        var before = try nodes { ($0.externalPolicy, $0.internalPolicy) = (.local, .local) }
        before.cluster.ports[0].endpoints.cluster = Array(before.cluster.ports[0].endpoints.cluster.prefix(3))
        var after = before
        after.cluster.ports[0].endpoints.cluster = Array(before.cluster.ports[0].endpoints.cluster.prefix(2))
        after.local["node-b"] = nil
        let known: [String: String?] = ["node-a": nil, "node-c": nil]

        let still = try difference(before, after, known: known.merging(["node-b": nil]) { $1 })
        #expect(
            still.services[0].changes.contains { $0.danger == .loses }
                && reach(still).allSatisfy { $0.hasSuffix("at [node-b]") })
        #expect(reach(still) != [])

        let gone = try difference(before, after, known: known, gone: [.node("node-b")])
        let change = try #require(endpointChange(gone))
        #expect(change.removed.count == 1 && change.added == [])
        #expect(try kinds(gone) == [.endpoints(change)] && reach(gone) == [])
        #expect(gone.dangerCount == 0)

        after.cluster.ports[0].endpoints = EndpointLists()
        after.local = [:]
        let all = try difference(before, after, known: known, gone: [.node("node-a"), .node("node-b")])
        #expect(all.dangerCount == 1 && reach(all).contains { $0.hasPrefix("- ") && $0.hasSuffix("at any") })
    }

    @Test("who can reach a service on some nodes alone is told with their names")
    func placedReach() throws {
        let names: [String: String?] = ["node-a": nil, "node-b": nil, "node-c": nil, "node-d": nil]
        let (cluster, own) = (
            try nodes { $0.nodePort = nil }, try nodes { ($0.nodePort, $0.internalPolicy) = (nil, .local) }
        )
        #expect(reach(try difference(cluster, own, known: names)) == ["- pods, nodes at [node-c, node-d]"])
        #expect(reach(try difference(own, cluster, known: names)) == ["+ pods, nodes at [node-c, node-d]"])
        #expect(reach(try difference(cluster, own, known: ["node-a": nil, "node-b": nil])) == [])
        var moved = own
        moved.local["node-b"] = [[]]
        moved.local["node-c"] = [[2]]
        #expect(
            reach(try difference(own, moved, known: names)) == [
                "+ pods, nodes at [node-c]", "- pods, nodes at [node-b]",
            ])
        // Who finds nothing anywhere is told once.
        var none = own
        none.cluster.ports[0].endpoints = EndpointLists()
        none.local = [:]
        #expect(reach(try difference(own, none, known: names)) == ["- pods, nodes at any"])
    }

    private func endpointChange(_ difference: Difference) -> EndpointChange? {
        for case .endpoints(let change) in difference.services[0].changes.map(\.kind) { return change }
        return nil
    }

    @Test("where all endpoints are on known nodes, no endpoint goes with the policy")
    func allKnown() throws {
        var (cluster, local) = (try nodes(), try nodes { $0.externalPolicy = .local })
        local.local["node-c"] = [[3, 4, 5]]
        cluster.local = local.local
        #expect(endpointChange(try difference(cluster, local)) == nil)
        local.cluster.ports[0].externalPolicy = .cluster
        local.cluster.ports[0].internalPolicy = .local
        let difference = try difference(cluster, local)
        #expect(endpointChange(difference) == nil)
        #expect(
            try kinds(difference) == [
                .internalLocalPolicy(before: false, after: true),
                .answer(
                    AnswerChange(
                        before: .served, after: .dropped, places: [.others], audiences: Audience.allCases)),
            ])
    }

    @Test("a node that loses its last endpoint is named, and so is one that gets its first")
    func coverage() throws {
        let before = try nodes { $0.externalPolicy = .local }
        var after = before
        after.local = ["node-a": [[0, 1]], "node-c": [[2]]]
        let difference = try difference(before, after)
        let places = { (name: String, old: Route.Answer, new: Route.Answer) in
            PortChange.Kind.answer(
                AnswerChange(before: old, after: new, places: [.node(name)], audiences: [.outside]))
        }
        let kinds = try kinds(difference)
        #expect(
            kinds.contains(places("node-b", .served, .dropped)) && kinds.contains(places("node-c", .dropped, .served)))
        // That the endpoint is on another node is told as well: no endpoint comes or goes.
        let moved = kinds.compactMap { if case .endpoints(let change) = $0 { change.places } else { nil } }
        #expect(moved == [[.node("node-b")], [.node("node-c")]] && kinds.count == 4)
        #expect(
            Set(difference.services[0].changes.filter(\.isDangerous).map(\.kind)) == [
                places("node-b", .served, .dropped), places("node-c", .dropped, .served),
            ])
        #expect(reach(difference) == ["+ outside at [node-c]", "- outside at [node-b]"])
    }

    @Test("what comes and goes in all is said once, whatever node it is on")
    func saidOnce() throws {
        var before = try nodes { $0.externalPolicy = .local }
        before.local["node-c"] = [[3, 4, 5]]
        var after = before
        after.cluster.ports[0].endpoints.cluster.remove(at: 1)
        after.local = ["node-a": [[0]], "node-b": [[1]], "node-c": [[2, 3, 4]]]
        let difference = try difference(before, after)
        let change = try #require(endpointChange(difference))
        #expect(try kinds(difference).count == 1 && change.audiences == Audience.allCases && change.places == nil)
        #expect(change.before == 6 && change.after == 5 && difference.services[0].changes[0].isEverywhere)
    }

    @Test(
        "where nodes are known, those without an endpoint are named, and where there are none nothing is said of them")
    func knownNodes() throws {
        let (cluster, local) = (try nodes(), try nodes { $0.externalPolicy = .local })
        let names: [String: String?] = ["node-a": "west", "node-b": nil, "node-10": "west", "node-9": nil]
        let loss = { (places: [NodePlace]) in
            PortChange.Kind.answer(
                AnswerChange(before: .served, after: .dropped, places: places, audiences: [.outside]))
        }
        let some = try difference(cluster, local, known: names)
        #expect(try kinds(some).contains(loss([.node("node-9"), .node("node-10")])))
        let unknown = try difference(cluster, local)
        #expect(try kinds(unknown).contains(loss([.others])))
        let none = try difference(cluster, local, known: ["node-a": nil, "node-b": nil])
        #expect(none.dangerCount == 0)
        let all = try difference(cluster, local, known: names.filter { $0.key.hasPrefix("node-a") })
        #expect(all.dangerCount == 0)
    }

    @Test("the nodes of a place are not others, unless they have been looked at on their own")
    func otherNodes() {
        let nodes = KnownNodes(["a": "west", "b": "west", "c": "east", "d": nil])
        #expect(nodes.others(than: [.zone("west")], seen: [.zone("west")]) == ["c", "d"])
        #expect(nodes.others(than: [.zone("west")], seen: [.zone("west"), .node("b")]) == ["b", "c", "d"])
        #expect(nodes.others(than: [.node("b")], seen: [.node("b")]) == ["a", "c", "d"])
        #expect(KnownNodes().others(than: [.node("b")], seen: []) == nil)
    }

    @Test("a service that is refused everywhere is so on every node, whatever nodes did before")
    func lastEndpoint() throws {
        let before = try nodes { $0.externalPolicy = .local }
        var after = before
        after.cluster.ports[0].endpoints = EndpointLists()
        after.local = [:]
        let kinds = try kinds(difference(before, after))
        let everywhere = AnswerChange(before: .served, after: .refused, audiences: Audience.allCases)
        #expect(kinds.contains(.answer(everywhere)))
    }

    @Test("each place has the endpoints and the answer that the ruleset of its node has", arguments: 1...15)
    func agreesWithNodes(seed: Int) throws {
        var nodes = Nodes(cluster: try TestCluster.random(seed), local: [:])
        for (number, name) in ["node-a", "node-b", "node-c"].enumerated() {
            nodes.local[name] = nodes.cluster.ports.map { port in
                port.endpoints.cluster.indices.filter { $0 % 4 == number }
            }
        }
        let ruleset = try nodes.ruleset
        let nothing = Ruleset(tables: ruleset.tables.map { Table($0.name) }, summary: Summary())
        let views = { (ruleset: Ruleset, placed: [NodePlace: Ruleset]) -> [Frontend: FrontendView] in
            let plan = Planner.plan(from: nothing, to: ruleset)
            let difference = Difference(
                from: nothing, to: ruleset, placed: ([:], placed), plan: plan)
            return Dictionary(
                uniqueKeysWithValues: difference.services.flatMap(\.changes).compactMap { change in
                    if case .opened(let view) = change.kind { (view.frontend, view) } else { nil }
                })
        }
        let merged = views(ruleset, try nodes.placed)
        var rulesets = try nodes.placed
        rulesets[.others] = ruleset
        #expect(merged.count > 20 && rulesets.count == 4)
        for (place, ruleset) in rulesets {
            for (frontend, view) in views(ruleset, [:]) {
                for audience in Audience.allCases {
                    let (route, own) = (try #require(merged[frontend]).route(of: audience), view.route(of: audience))
                    #expect(Set(route.endpoints(at: place)) == Set(own.endpoints), "\(frontend) at \(place)")
                    #expect(route.answer(at: place) == own.answer, "\(frontend) at \(place)")
                }
            }
        }
    }
}
