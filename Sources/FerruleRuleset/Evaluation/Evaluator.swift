// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// Says what the rules of a table do with packets, as the kernel does it: an interpreter.
///
/// It holds nothing that a packet changes, so one can be asked from many threads. What stands in other tables of the kernel it
/// does not know.
package struct Evaluator: Sendable {
    package let table: Table
    private let chains: [ChainName: Int]
    private let sets: [SetName: Int]
    /// The chains that packets enter by each hook, in the order in which they do.
    private let entrances: [BaseChain.Hook: [Int]]
    /// Why nothing can be said; nil where something can.
    private let doubt: PacketOutcome.Doubt?
    /// The sets that hold more than is known: what is not found there may yet be.
    let foreignElements: [SetName: PacketOutcome.Doubt]

    package init(_ table: Table) {
        self.table = table
        chains = Dictionary(table.chains.indices.map { (table.chains[$0].name, $0) }) { first, _ in first }
        sets = Dictionary(table.sets.indices.map { (table.sets[$0].name, $0) }) { first, _ in first }
        let bases = table.chains.indices.compactMap { index in table.chains[index].base.map { (index, $0) } }
        entrances = Dictionary(grouping: bases) { $1.hook }
            .mapValues { $0.sorted { ($0.1.priority, $0.0) < ($1.1.priority, $1.0) }.map(\.0) }
        // A set matters where a rule asks for it; packets may enter a chain whatever other rules say.
        doubt =
            table.foreign.lazy.compactMap { object in
                switch object {
                case .set, .constantSet, .elements: nil
                case .chain, .property: .foreignObject(object.description(in: table.name))
                }
            }.first
        foreignElements = table.foreign.reduce(into: [:]) { known, object in
            if case .elements(_, let set) = object {
                known[set] = .foreignObject(object.description(in: table.name))
            }
        }
    }

    /// What becomes of the first packet of a connection.
    package func evaluate(
        _ packet: Packet, enteringBy entry: Packet.Entry, _ environment: PacketEnvironment
    ) -> Evaluation {
        if let doubt {
            return Evaluation(steps: [], ending: .outcome(PacketOutcome(fate: .notKnown(doubt))))
        }
        return follow(Way(packet, enteringBy: entry), environment)
    }

    /// More ways than the largest services have.
    private static let mostWays = 1 << 20
    /// More than the kernel allows on one way (`NFT_JUMP_STACK_SIZE`), through all hooks.
    private static let mostHops = 1024

    /// Goes on until the way ends or parts.
    private func follow(_ way: Way, _ environment: PacketEnvironment) -> Evaluation {
        var way = way
        while let rule = nextRule(&way, environment) {
            switch rule {
            case .end(let fate): return end(way, fate)
            case .rule(let place):
                switch execute(place, &way, environment) {
                case .goOn: break
                case .end(let fate): return end(way, fate)
                case .choose(let verdicts): return part(way, verdicts, environment)
                }
            }
        }
        return end(way, way.hasNewDestination ? .dnat(way.packet.destination) : .passed)
    }

    private func end(_ way: Way, _ fate: PacketOutcome.Fate) -> Evaluation {
        Evaluation(steps: way.steps, ending: .outcome(way.outcome(fate)))
    }

    /// Each of some verdicts is equally likely; neighbours that are the same are one way.
    private func part(_ way: Way, _ verdicts: [Verdict], _ environment: PacketEnvironment) -> Evaluation {
        let starts = verdicts.indices.filter { $0 == 0 || verdicts[$0] != verdicts[$0 - 1] }
        let (ways, isTooMuch) = way.waysSoFar.multipliedReportingOverflow(by: starts.count)
        guard !isTooMuch, ways <= Evaluator.mostWays else { return end(way, .notKnown(.tooManyWays)) }
        var branches: [Evaluation.Branch] = []
        branches.reserveCapacity(starts.count)
        for (start, next) in zip(starts, starts.dropFirst() + [verdicts.count]) {
            var branch = way
            (branch.steps, branch.waysSoFar) = ([], ways)
            let rest = take(verdicts[start], &branch).map { end(branch, $0) } ?? follow(branch, environment)
            guard let share = Share(next - start, of: verdicts.count) else { continue }
            branches.append(Evaluation.Branch(share: share, rest: rest))
        }
        return Evaluation(steps: way.steps, ending: .choice(branches))
    }

    /// The number of a set in the table; nil where there is none of that name.
    func place(of set: SetName) -> Int? { sets[set] }

    // MARK: From rule to rule

    private enum NextRule {
        case rule(Way.Position)
        case end(PacketOutcome.Fate)
    }

    /// The rule that comes next, and the way beyond it; nil behind the last chain of the last hook.
    private func nextRule(_ way: inout Way, _ environment: PacketEnvironment) -> NextRule? {
        while true {
            guard let position = way.positions.last else {
                if enterNextChain(&way, environment) { continue }
                return nil
            }
            if let foreign = table.chains[position.chain].foreignRules.first(where: { $0.position == position.rule }) {
                return .end(.notKnown(.foreignRule(foreign.text, in: table.chains[position.chain].name)))
            }
            if position.rule < table.chains[position.chain].rules.count {
                way.positions[way.positions.count - 1].rule += 1
                return .rule(position)
            }
            way.positions.removeLast()
            if way.positions.isEmpty, currentBase(way)?.policy == .drop { return .end(.dropped) }
        }
    }

    /// The base chain that was entered last.
    private func currentBase(_ way: Way) -> BaseChain? {
        let chains = entrances[way.hook] ?? []
        guard way.passedChains > 0, way.passedChains <= chains.count else { return nil }
        return table.chains[chains[way.passedChains - 1]].base
    }

    /// False where there is none.
    private func enterNextChain(_ way: inout Way, _ environment: PacketEnvironment) -> Bool {
        while true {
            let chains = entrances[way.hook] ?? []
            while way.passedChains < chains.count {
                let chain = chains[way.passedChains]
                way.passedChains += 1
                guard let base = table.chains[chain].base, !way.skips(base) else { continue }
                way.positions = [Way.Position(chain: chain)]
                return true
            }
            let isLocal = environment.isLocal(way.packet.destination.address)
            guard let hook = way.nextHook(isLocal: isLocal) else { return false }
            (way.hook, way.passedChains) = (hook, 0)
        }
    }

    /// What becomes of the packet at once; nil where it goes on.
    private func take(_ verdict: Verdict, _ way: inout Way) -> PacketOutcome.Fate? {
        switch verdict {
        case .drop: return .dropped
        case .accept: way.positions = []
        case .goto(let name), .jump(let name):
            guard let chain = chains[name] else { return .notKnown(.foreignObject("chain \(table.name) \(name)")) }
            way.hops += 1
            guard way.hops < Evaluator.mostHops else { return .notKnown(.tooManyWays) }
            if case .goto = verdict { _ = way.positions.popLast() }
            way.positions.append(Way.Position(chain: chain))
        }
        return nil
    }

    // MARK: One rule

    private enum RuleEffect {
        case goOn
        case end(PacketOutcome.Fate)
        case choose([Verdict])
    }

    private func execute(
        _ place: Way.Position, _ way: inout Way, _ environment: PacketEnvironment
    ) -> RuleEffect {
        let rule = table.chains[place.chain].rules[place.rule]
        way.met = nil
        do throws(PacketOutcome.Doubt) {
            for statement in rule.statements {
                switch try carryOut(statement, at: place, &way, environment) {
                case .goOn: continue
                case .leaveRule: return .goOn
                case .take(let verdict):
                    addStep(rule, place, &way)
                    return take(verdict, &way).map(RuleEffect.end) ?? .goOn
                case .choose(let verdicts):
                    addStep(rule, place, &way)
                    return .choose(verdicts)
                case .refuse(let withTCPReset):
                    addStep(rule, place, &way)
                    return .end(.refused(withTCPReset: withTCPReset))
                }
            }
        } catch {
            return .end(.notKnown(error))
        }
        addStep(rule, place, &way)
        return .goOn
    }

    private func addStep(_ rule: Rule, _ place: Way.Position, _ way: inout Way) {
        way.steps.append(Step(chain: table.chains[place.chain].purpose, rule: rule, met: way.met))
    }
}
