// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

extension TrafficAnswer {
    /// The steps of every packet until chance decides where it goes on, or its way ends.
    package var commonSteps: [TrafficStep] { StepBook(steps).steps(trunk.steps) }

    /// The steps behind those that lead to some outcomes, in the order of the outcomes; of several ways to one those of the
    /// first.
    package func ownSteps(of outcomes: [TrafficOutcome]) -> [[TrafficStep]] {
        let book = StepBook(steps)
        var ways: [Destination: [Step]] = [:]
        let wanted = Set(outcomes.map(Destination.init))
        for branch in trunk.branches { collect(branch.rest, behind: [], wanted, into: &ways) }
        return outcomes.map { book.steps(ways[Destination($0)] ?? []) }
    }

    /// All steps before the first choice between several branches, and these.
    private var trunk: (steps: [Step], branches: [Evaluation.Branch]) {
        var steps = evaluation.steps
        var ending = evaluation.ending
        while case .choice(let branches) = ending {
            guard let only = branches.first, branches.count == 1 else { return (steps, branches) }
            steps += only.rest.steps
            ending = only.rest.ending
        }
        return (steps, [])
    }

    private func collect(
        _ rest: Evaluation, behind steps: [Step], _ wanted: Set<Destination>, into ways: inout [Destination: [Step]]
    ) {
        let steps = steps + rest.steps
        switch rest.ending {
        case .outcome(let outcome):
            let destination = Destination(outcome)
            if wanted.contains(destination), ways[destination] == nil { ways[destination] = steps }
        case .choice(let branches):
            for branch in branches { collect(branch.rest, behind: steps, wanted, into: &ways) }
        }
    }
}

/// How a packet may end, as outcomes tell it.
private struct Destination: Hashable {
    let verdict: TrafficOutcome.Verdict
    let endpoint: Endpoint?
    let isMasqueraded: Bool

    init(_ outcome: TrafficOutcome) {
        (verdict, endpoint, isMasqueraded) = (outcome.verdict, outcome.endpoint, outcome.isMasqueraded)
    }

    init(_ outcome: PacketOutcome) {
        (verdict, endpoint) = (outcome.fate.verdict, outcome.fate.endpoint)
        isMasqueraded = outcome.isMasqueraded
    }
}

/// Steps with the words for them, by the steps that they were made of. Those that nobody is told of are not in it.
private struct StepBook {
    private struct Key: Hashable {
        let chain: ChainName
        let rule: TrafficStep.Rule
        let element: Element?
    }

    private let known: [Key: TrafficStep]

    init(_ steps: [TrafficStep]) {
        known = Dictionary(
            steps.map { (Key(chain: $0.chain, rule: $0.rule, element: $0.element), $0) }, uniquingKeysWith: { $1 })
    }

    func steps(_ steps: [Step]) -> [TrafficStep] {
        steps.compactMap { step in
            let element = step.met.map { Element($0.element.key, $0.element.value) }
            return known[Key(chain: step.chain.name, rule: .own(step.rule), element: element)]
        }
    }
}
