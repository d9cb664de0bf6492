// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleTraffic

extension StatementChecker {
    /// Statements that hold now about every port of every service, in the order of the services.
    package func proposals() -> [TrafficStatement] {
        let questions = ProposedQuestion.all(definitions.seen(from: senders.nodeNames.first ?? nodeName))
        let cases = questions.map { senders.cases(of: $0.from, on: .asAsked) }
        var order: [String?: [Int]] = [:]
        for (index, own) in cases.enumerated() {
            for (node, _) in own { order[node, default: []].append(index) }
        }
        let groups = PodGroups(definitions)
        var findings = [Findings](repeating: Findings(), count: questions.count)
        for node in order.keys.sorted(by: { ($0 ?? "") < ($1 ?? "") }) {
            let traffic = traffic(node)
            for index in order[node] ?? [] {
                for (home, sources) in cases[index] where home == node {
                    for source in sources { findings[index].ask(questions[index], source, traffic, groups) }
                }
            }
        }
        return zip(questions, findings).flatMap { ProposedStatements($0, $1).all }
    }
}

/// What became of the traffic that a question is about.
private struct Findings {
    private(set) var all: [Finding] = []
    /// Where the question cannot be asked of every sender, so that no statement about the node would hold.
    private(set) var silentNodes: Set<String?> = []

    /// Adds what becomes of the traffic of one sender on its node.
    mutating func ask(_ question: ProposedQuestion, _ source: TrafficSource, _ node: NodeTraffic, _ groups: PodGroups) {
        do throws(TrafficError) {
            let answers = try node.answers(from: source, to: question.to)
            for answer in answers {
                switch answer.bearing(on: node) {
                case .onAnotherNode: continue
                case .unknown: silentNodes.insert(node.nodeName)
                case .known: all.append(Finding(node.nodeName, source, answer, groups))
                }
            }
        } catch {
            // As where statements are checked: one of several pods may lack an address of the family.
            if case .pods = question.from, case .noCommonFamily = error { return }
            if node.nodeName == ClusterResolver.unscheduledNode { return }
            silentNodes.insert(node.nodeName)
        }
    }
}

/// The statements that findings about one question come to.
private struct ProposedStatements {
    private let question: ProposedQuestion
    private let findings: [Finding]
    /// Whether there is no node on which the question cannot be asked.
    private let isAskedEverywhere: Bool

    init(_ question: ProposedQuestion, _ findings: Findings) {
        self.question = question
        self.findings = findings.all.filter { !findings.silentNodes.contains($0.node) }
        isAskedEverywhere = findings.silentNodes.isEmpty
    }

    /// One in the words of the question, if both address families and all senders fare alike on each node; else one for each
    /// address, or for each sender and address.
    var all: [TrafficStatement] {
        if let statements = statements(findings, question) { return statements }
        let byAddress = Dictionary(grouping: findings, by: \.destination).sorted { $0.key < $1.key }
        return byAddress.flatMap { _, findings -> [TrafficStatement] in
            guard let first = findings.first else { return [] }
            let narrower = question.to(first.destination, first.transport)
            if let statements = statements(findings, narrower) { return statements }
            return Dictionary(grouping: findings, by: \.source).sorted { "\($0.key)" < "\($1.key)" }
                .flatMap { source, findings in statements(findings, narrower.from(source)) ?? [] }
        }
    }

    private func statements(_ findings: [Finding], _ question: ProposedQuestion) -> [TrafficStatement]? {
        let byNode = Dictionary(grouping: findings, by: \.node)
        var nodes: [Finding.Summary: [String?]] = [:]
        for (node, findings) in byNode {
            let summaries = Set(findings.map(\.summary))
            guard let summary = summaries.first, summaries.count == 1, let summary else { return nil }
            nodes[summary, default: []].append(node)
        }
        let isEverywhere =
            isAskedEverywhere && nodes.count == 1 && byNode.count == Set(self.findings.map(\.node)).count
        let groups = nodes.map { ($0.key, $0.value.compactMap(\.self).sorted()) }
        // Of what is so on a nameless node alone no statement can be made.
        let told = groups.filter { isEverywhere || !$0.1.isEmpty }
        return told.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map { summary, names in
            var statement = TrafficStatement(
                from: question.from, to: question.to, end: summary.end, isMasqueraded: summary.isMasqueraded,
                isSticky: summary.isSticky ? true : nil, fromWords: question.fromWords, toWords: question.toWords)
            if !isEverywhere { statement.nodes = .named(names) }
            return statement
        }
    }
}

extension ProposedQuestion {
    /// The same to one of the addresses that are meant.
    fileprivate func to(_ endpoint: Endpoint, _ transport: TransportProtocol) -> ProposedQuestion {
        ProposedQuestion(from: from, fromWords: fromWords, to: endpoint, transport)
    }

    /// The same by one of the pods that are meant.
    fileprivate func from(_ source: TrafficSource) -> ProposedQuestion {
        guard case .pod(let key) = source else { return self }
        return ProposedQuestion(
            from: .pods(PodGroup(key.namespace, key.name)), fromWords: "pod \(key)", to: to, toWords: toWords)
    }
}
