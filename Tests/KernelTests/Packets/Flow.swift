// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import NetworkLab

/// One line of a table: who asks whom, and what has to come of it.
///
///     10.244.0.7 10.96.0.10 80/tcp,udp -> 10.244.0.6:8080 kept, 10.244.1.6:8080 kept
///     198.51.100.1 10.96.0.20 80 -> refused
///
/// The client, an address of the lab or `node`; the destination; port and transports (TCP if none is named); then
/// `refused`, `dropped`, or each server that may answer, with the port it is reached at and whether it sees the
/// client's source (`kept`) or one of the node's (`rewritten`). All servers named
/// have to answer some of many connections.
struct Flow: CustomStringConvertible {
    let description: String
    private let client: Client
    private let destination: IPAddress
    private let port: UInt16
    private let transports: [TransportProtocol]
    private let expectation: Expectation

    private enum Expectation {
        case refused
        case dropped
        case answered([Answer])
    }

    fileprivate struct Answer {
        let server: IPAddress
        let port: UInt16
        let isRewritten: Bool
    }

    /// The flows of a table; lines that are empty or start with `#` are passed over.
    static func table(_ text: String, _ family: IPFamily = .ipv4) throws -> [Flow] {
        try text.translated(to: family).split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
            .filter { !$0.hasPrefix("#") }.map { try Flow($0) }
    }

    private init(_ line: Substring) throws {
        let mistake = TestMistake(description: "this is no flow: \(line)")
        description = String(line)
        guard let arrow = line.firstRange(of: " -> ") else { throw mistake }
        let words = line[..<arrow.lowerBound].split(separator: " ")
        guard words.count == 3, let destination = IPAddress(words[1]) else { throw mistake }
        client = Client(String(words[0]))
        self.destination = destination
        let parts = words[2].split(separator: "/")
        guard let port = UInt16(parts[0]) else { throw mistake }
        self.port = port
        transports = try (parts.count > 1 ? parts[1].split(separator: ",") : ["tcp"]).map { name in
            guard let transport = TransportProtocol.allCases.first(where: { $0.name == name }) else { throw mistake }
            return transport
        }
        let outcome = line[arrow.upperBound...]
        expectation =
            switch outcome {
            case "refused": .refused
            case "dropped": .dropped
            default: .answered(try outcome.split(separator: ", ").map { try Answer($0, mistake) })
            }
    }

    /// Connections enough to see every server that may answer with all but certainty, by the first transport; a few by
    /// the others.
    var probes: [Probe] {
        transports.enumerated().flatMap { index, transport in
            let probe = Probe(from: client, to: destination, port, transport)
            return Array(repeating: probe, count: index == 0 ? count : min(count, 4))
        }
    }

    private var count: Int {
        guard case .answered(let answers) = expectation, answers.count > 1 else { return 2 }
        return 28 * answers.count
    }

    /// What is wrong with the outcomes of ``probes``.
    func mistakes(in outcomes: [Outcome], node: [IPAddress]) -> [String] {
        var mistakes: Set<String> = []
        var seen: Set<IPAddress> = []
        for (probe, outcome) in zip(probes, outcomes) {
            if isExpected(outcome, of: probe, node) {
                if let server = outcome.server { seen.insert(server) }
            } else {
                mistakes.insert("\(description) (\(probe.transport.name)): \(outcome)")
            }
        }
        if case .answered(let answers) = expectation, mistakes.isEmpty {
            for answer in answers where !seen.contains(answer.server) {
                mistakes.insert("\(description): \(answer.server) never answered")
            }
        }
        return mistakes.sorted()
    }

    /// What is wrong with what the evaluator says beforehand: it must say all that is expected, and nothing else.
    func mistakes(in prediction: Prediction, node: [IPAddress]) throws -> [String] {
        try transports.flatMap { transport -> [String] in
            let probe = Probe(from: client, to: destination, port, transport)
            let outcomes = try prediction.evaluation(of: probe).outcomes.map(\.outcome)
            let unexpected = try outcomes.filter { outcome in
                try !expectedOutcomes(of: probe, node).contains { try prediction.explains($0, of: probe, by: outcome) }
            }
            let unsaid = try expectedOutcomes(of: probe, node).filter { expected in
                try !outcomes.contains { try prediction.explains(expected, of: probe, by: $0) }
            }
            return unexpected.map { "\(description) (\(transport.name)): the evaluator says \($0)" }
                + unsaid.map { "\(description) (\(transport.name)): the evaluator does not say \($0)" }
        }
    }

    /// What may be seen of a probe; in place of any of the node's addresses the first.
    private func expectedOutcomes(of probe: Probe, _ node: [IPAddress]) -> [Outcome] {
        switch expectation {
        case .refused: return [.refused(probe.transport == .tcp ? .reset : .portUnreachable)]
        case .dropped: return [.dropped]
        case .answered(let answers):
            let own: IPAddress? = if case .address(let address) = client { address } else { nil }
            return answers.compactMap { answer in
                let source = answer.isRewritten ? nil : own
                let seen = source ?? node.first { $0.family == destination.family }
                return seen.map { .answered(by: answer.server, port: answer.port, seenSource: $0) }
            }
        }
    }

    private func isExpected(_ outcome: Outcome, of probe: Probe, _ node: [IPAddress]) -> Bool {
        switch (expectation, outcome) {
        case (.refused, .refused(let refusal)): refusal == (probe.transport == .tcp ? .reset : .portUnreachable)
        case (.dropped, .dropped): true
        case (.answered(let answers), .answered(let server, let port, let source)):
            answers.contains { answer in
                let expected: [IPAddress] =
                    if case .address(let own) = client, !answer.isRewritten { [own] } else { node }
                return answer.server == server && answer.port == port && expected.contains(source)
            }
        default: false
        }
    }
}

extension Flow.Answer {
    /// `10.244.0.6:8080 kept`
    fileprivate init(_ text: Substring, _ mistake: TestMistake) throws {
        let words = text.split(separator: " ")
        guard words.count == 2, ["kept", "rewritten"].contains(words[1]), let colon = words[0].lastIndex(of: ":"),
            let server = IPAddress(words[0][..<colon]), let port = UInt16(words[0][words[0].index(after: colon)...])
        else { throw mistake }
        (self.server, self.port, isRewritten) = (server, port, words[1] == "rewritten")
    }
}
