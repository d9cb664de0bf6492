// SPDX-License-Identifier: Apache-2.0

/// A part of the benchmark; the names are those of `--only`.
enum Part: String, CaseIterable {
    case phases, cold, scaling, update, follow, evaluate, text, connections, iptables, agent

    func run(_ bench: Bench) throws -> Section {
        var part = self.part(bench)
        return try part.run()
    }

    private func part(_ bench: Bench) -> any MeasuredPart {
        switch self {
        case .phases: PhasesPart(bench)
        case .cold: ColdPart(bench)
        case .scaling: ScalingPart(bench)
        case .update: UpdatePart(bench)
        case .follow: FollowPart(bench)
        case .evaluate: EvaluatePart(bench)
        case .text: TextPart(bench)
        case .connections: ConnectionsPart(bench)
        case .iptables: IPTablesPart(bench)
        case .agent: AgentPart(bench)
        }
    }
}

protocol MeasuredPart {
    mutating func run() throws -> Section
}

/// What a part found.
struct Section {
    /// Figures behind the targets.
    var details: String
    /// Its rows in the table of targets.
    var limits: [Limit]
}
