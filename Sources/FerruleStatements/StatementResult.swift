// SPDX-License-Identifier: Apache-2.0

internal import FerruleResolution
package import FerruleTraffic

/// What came of checking a statement.
package struct StatementResult: Sendable {
    package let statement: TrafficStatement
    /// The nodes that it was checked on, in order; nil stands for a node without a name.
    package internal(set) var nodes: [String?] = []
    /// What holds instead; empty where the statement holds.
    package internal(set) var failures: [StatementFailure] = []

    package var holds: Bool { failures.isEmpty }

    init(_ statement: TrafficStatement) { self.statement = statement }

    /// Adds what holds instead on a node; what was found on others already is not shown again. Where declared pods will run is no
    /// node that could be named.
    mutating func add(_ problem: StatementProblem, on node: String?) {
        let nodes = node == ClusterResolver.unscheduledNode ? [] : [node]
        if let known = failures.firstIndex(where: { $0.problem.text == problem.text }) {
            failures[known].nodes += nodes.filter { !failures[known].nodes.contains($0) }
        } else {
            failures.append(StatementFailure(problem: problem, nodes: nodes))
        }
    }
}

/// What holds instead of a statement.
package struct StatementFailure: Sendable {
    package let problem: StatementProblem
    /// Where it does; nil stands for a node without a name.
    package internal(set) var nodes: [String?]
}

/// Why an answer is not what a statement says.
package struct StatementProblem: Sendable {
    /// In a few words: `it is not masqueraded`.
    package let text: String
    package let hint: String?
    /// nil where the question cannot be asked.
    package let answer: TrafficAnswer?
    /// Whether the question cannot be asked because sender and destination have no address family in common.
    let isOfFamilies: Bool

    init(_ text: String, hint: String? = nil, _ answer: TrafficAnswer? = nil) {
        (self.text, self.hint, self.answer, isOfFamilies) = (text, hint, answer, false)
    }

    init(_ error: TrafficError) {
        (text, hint, answer) = (error.message, error.hint, nil)
        isOfFamilies = if case .noCommonFamily = error { true } else { false }
    }
}
