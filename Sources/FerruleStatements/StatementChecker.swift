// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork
package import FerruleResolution
package import FerruleTraffic

/// Asks rulesets what becomes of the traffic that statements are about.
///
/// The rulesets of nodes are made one after the other, so that one alone is in memory.
package struct StatementChecker {
    /// Names of nodes that the definitions have not.
    package enum Failure: Error {
        case unknownNode(String, known: [String])
    }

    let definitions: ClusterResolver
    let nodeName: String?
    let traffic: (String?) -> NodeTraffic
    let senders: SenderFinder

    /// - Parameters:
    ///   - definitions: the cluster; as which node sees it is of no account.
    ///   - nodeName: the node that the question is about; nil: all that the definitions have, by their Node objects; without
    ///     such objects those that endpoints and pods are on, and one of which nothing is known.
    ///   - traffic: the ruleset of a node, nil for one without a name.
    package init(_ definitions: ClusterResolver, nodeName: String?, traffic: @escaping (String?) -> NodeTraffic) {
        (self.definitions, self.nodeName, self.traffic) = (definitions, nodeName, traffic)
        senders = SenderFinder(definitions, nodeName: nodeName)
    }

    /// The results in the order of the statements. Throws where one names a node that is not there.
    package func check(_ statements: [TrafficStatement]) throws(Failure) -> [StatementResult] {
        var results = statements.map(StatementResult.init)
        /// What to ask each node: which statement, and who sends.
        var questions: [String?: [(statement: Int, senders: [TrafficSource])]] = [:]
        for (index, statement) in statements.enumerated() {
            if case .named(let names) = statement.nodes { try requireNodes(names) }
            let cases = senders.cases(of: statement.from, on: statement.nodes)
            if cases.isEmpty { results[index].add(senders.absence(of: statement), on: nil) }
            for (node, sources) in cases {
                results[index].nodes.append(node)
                questions[node, default: []].append((index, sources))
            }
        }
        /// Of which something could be asked.
        var answered: Set<Int> = []
        for node in questions.keys.sorted(by: { ($0 ?? "") < ($1 ?? "") }) {
            let traffic = traffic(node)
            for (index, sources) in questions[node] ?? [] {
                for source in sources {
                    let problem = statements[index].problem(of: source, on: traffic)
                    if problem == nil || problem?.answer != nil { answered.insert(index) }
                    if let problem { results[index].add(problem, on: node) }
                }
            }
        }
        for index in answered {
            // One of several pods may lack an address of the family.
            if case .pods = statements[index].from { results[index].failures.removeAll(where: \.problem.isOfFamilies) }
        }
        return results
    }

    private func requireNodes(_ names: [String]) throws(Failure) {
        for name in names where !senders.nodeNames.contains(name) && name != nodeName {
            throw .unknownNode(name, known: senders.nodeNames)
        }
    }
}

/// Finds who sends, and on which nodes.
struct SenderFinder {
    /// Those of the definitions' Node objects; without such objects those that endpoints and pods are on. Sorted.
    let nodeNames: [String]
    /// Whether there are no Node objects, so that there may be other nodes than those.
    private let mayHaveOthers: Bool
    private let nodeName: String?
    private let pods: [Pod]
    private let homes: SenderHomes

    init(_ definitions: ClusterResolver, nodeName: String?) {
        self.nodeName = nodeName
        let table = definitions.pods
        pods = table.sortedPlaces.map { table.objects[$0] }
        homes = SenderHomes(definitions)
        let objects = definitions.store.nodes.sortedKeys.map(\.name)
        mayHaveOthers = objects.isEmpty
        nodeNames = objects.isEmpty ? homes.nodeNames.union(nodeName.map { [$0] } ?? []).sorted() : objects
    }

    /// The nodes of a statement, with those who send from there. A pod's packets meet the rules of its own node first.
    func cases(
        of sender: TrafficStatement.Sender, on wanted: TrafficStatement.Nodes
    ) -> [(node: String?, senders: [TrafficSource])] {
        let nodes = nodes(wanted)
        switch sender {
        case .one(.address(let address)):
            guard let home = homes.node(of: address) else { return nodes.map { ($0, [.address(address)]) } }
            return isMeant(home, wanted) ? [(home, [.address(address)])] : []
        case .one(let source): return nodes.map { ($0, [source]) }
        case .pods(let group):
            var cases: [String?: [TrafficSource]] = [:]
            for pod in pods where group.holds(pod) && pod.mayStillSend && !pod.podIPs.isEmpty {
                let source = TrafficSource.pod(ObjectKey(pod.meta))
                if let home = pod.home {
                    guard isMeant(home, wanted) else { continue }
                    cases[home, default: []].append(source)
                } else {
                    for node in nodes { cases[node, default: []].append(source) }
                }
            }
            return cases.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { ($0.key, $0.value) }
        }
    }

    private func nodes(_ wanted: TrafficStatement.Nodes) -> [String?] {
        switch wanted {
        case .named(let names): names
        case .asAsked where nodeName != nil: [nodeName]
        case .asAsked, .every: mayHaveOthers ? nodeNames + [nil] : nodeNames
        }
    }

    private func isMeant(_ node: String, _ wanted: TrafficStatement.Nodes) -> Bool {
        if case .named(let names) = wanted { names.contains(node) } else { true }
    }

    /// Why there is nobody to send.
    func absence(of statement: TrafficStatement) -> StatementProblem {
        guard case .pods(let group) = statement.from else {
            return StatementProblem("\(statement.fromWords) is not there, but on another node")
        }
        let found = pods.filter(group.holds)
        if found.isEmpty {
            return StatementProblem("there is no pod \(group), nor one whose name goes on behind it with a dash")
        }
        guard found.contains(where: { !$0.podIPs.isEmpty }) else {
            return StatementProblem(
                "no pod \(group) has an address", hint: "--assume-pods gives declared pods placeholder addresses")
        }
        return StatementProblem("no pod \(group) runs there")
    }
}
