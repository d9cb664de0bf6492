// SPDX-License-Identifier: Apache-2.0

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
                if node != ClusterResolver.unscheduledNode { results[index].nodes.append(node) }
                questions[node, default: []].append((index, sources))
            }
        }
        /// Of which something could be asked.
        var answered: Set<Int> = []
        for node in questions.keys.sorted(by: { ($0 ?? "") < ($1 ?? "") }) {
            let traffic = traffic(node)
            for (index, sources) in questions[node] ?? [] {
                for source in sources {
                    switch statements[index].check(source, on: traffic) {
                    case .holds: answered.insert(index)
                    case .isForAnotherNode: continue
                    case .fails(let problem):
                        if problem.answer != nil { answered.insert(index) }
                        results[index].add(problem, on: node)
                    }
                }
            }
        }
        for index in results.indices where results[index].holds && !answered.contains(index) {
            results[index].add(StatementProblem("nobody knows where the sender will run"), on: nil)
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
