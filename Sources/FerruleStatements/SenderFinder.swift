// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleKubernetes
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleTraffic

/// Finds who sends, and on which nodes.
struct SenderFinder {
    /// Those of the definitions' Node objects; without such objects those that endpoints and pods are on. Sorted.
    let nodeNames: [String]
    /// Whether there are no Node objects, so that there may be other nodes than those.
    private let mayHaveOthers: Bool
    private let nodeName: String?
    private let pods: [Pod]
    private let homes: SenderHomes
    /// Those of declared pods.
    private let assumedAddresses: Set<IPAddress>

    init(_ definitions: ClusterResolver, nodeName: String?) {
        self.nodeName = nodeName
        let table = definitions.pods
        pods = table.sortedPlaces.map { table.objects[$0] }
        homes = SenderHomes(definitions)
        assumedAddresses = definitions.assumedAddresses
        let objects = definitions.store.nodes.sortedKeys.map(\.name)
        mayHaveOthers = objects.isEmpty
        nodeNames = objects.isEmpty ? homes.nodeNames.union(nodeName.map { [$0] } ?? []).sorted() : objects
    }

    /// The nodes of a statement, with those who send from there. A pod's packets meet the rules of its own node first. Of one of
    /// which nobody knows where it will run that may be any node; that where it runs itself is asked about by a name of its own
    /// (``ClusterResolver/unscheduledNode``), for it is the one that has it among the endpoints.
    func cases(
        of sender: TrafficStatement.Sender, on wanted: TrafficStatement.Nodes
    ) -> [(node: String?, senders: [TrafficSource])] {
        let nodes: [String?] = nodes(wanted)
        switch sender {
        case .one(.address(let address)):
            if let home = homes.node(of: address) {
                return isMeant(home, wanted) ? [(home, [.address(address)])] : []
            }
            let nodes = assumedAddresses.contains(address) ? nodes + [ClusterResolver.unscheduledNode] : nodes
            return nodes.map { ($0, [.address(address)]) }
        case .one(let source): return nodes.map { ($0, [source]) }
        case .pods(let group):
            var cases: [String?: [TrafficSource]] = [:]
            for pod in pods where group.holds(pod) && !pod.hasEnded && !pod.podIPs.isEmpty {
                let source = TrafficSource.pod(ObjectKey(pod.meta))
                if let home = pod.home {
                    guard isMeant(home, wanted) else { continue }
                    cases[home, default: []].append(source)
                } else {
                    let own = pod.addresses.contains(where: assumedAddresses.contains)
                    for node in own ? nodes + [ClusterResolver.unscheduledNode] : nodes {
                        cases[node, default: []].append(source)
                    }
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
