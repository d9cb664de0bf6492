// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// What a chain, and all that it leads to, does with packets of one audience; the same for every key that leads there.
struct TrafficPath {
    /// The slots that are looked up by the packet's destination, or by the address of a part that it is given.
    private(set) var slots: Set<SlotPlace> = []
    /// The maps that tell where clients of the destination are remembered.
    private(set) var recallMaps: [SetName] = []
    /// The sets of sources that may pass.
    private(set) var sourceRanges: [SetName] = []
    private(set) var isMasqueraded = false
    /// Whether a rule asked who the sender is.
    private(set) var tellsSendersApart = false
    /// What becomes of a packet that no endpoint was found for.
    private(set) var answer = Route.Answer.ignored

    private let chains: [ChainName: Chain]
    private let audience: Audience
    private var visited: Set<Visit> = []
    /// The map that the packet's present destination is from; nil while it has its own.
    private var parts: SetName?

    /// Packets may pass a chain with one destination and with another.
    private struct Visit: Hashable {
        let chain: ChainName
        let parts: SetName?
    }

    init(_ verdict: Verdict, _ audience: Audience, in chains: [ChainName: Chain]) {
        (self.chains, self.audience) = (chains, audience)
        _ = follow(verdict)
    }

    /// Whether the packet does not come back.
    private mutating func follow(_ verdict: Verdict) -> Bool {
        switch verdict {
        case .accept: return end(.ignored)
        case .drop: return end(.dropped)
        case .goto(let chain):
            _ = walk(chain)
            return true
        case .jump(let chain): return walk(chain)
        }
    }

    private mutating func end(_ answer: Route.Answer) -> Bool {
        self.answer = answer
        return true
    }

    private mutating func walk(_ name: ChainName) -> Bool {
        guard visited.insert(Visit(chain: name, parts: parts)).inserted, let chain = chains[name] else { return true }
        let before = parts
        defer { parts = before }
        for rule in chain.rules where walk(rule) { return true }
        return false
    }

    /// Whether the packet's way ends with the rule.
    private mutating func walk(_ rule: Rule) -> Bool {
        for statement in rule.statements {
            switch statement {
            case .lookup([.sourceAddress], _, let negated), .inputInterface(_, _, let negated):
                tellsSendersApart = true
                if (audience == .pods) == negated { return false }
            case .isLocal(.source, let negated):
                tellsSendersApart = true
                if (audience == .node) == negated { return false }
            case .lookup(let key, let set, negated: true) where key.last == .sourceAddress:
                // Only those outside the service's ranges go on in this rule, to be dropped.
                sourceRanges.append(set)
                return false
            case .verdictMap(_, let map): recallMaps.append(map)
            case .setMark: isMasqueraded = true
            case .setDestination(_, let map): parts = map
            case .dnat(let key, let map):
                if key.contains(.destinationPort) { slots.insert(SlotPlace(parts: parts, map: map)) }
            case .numgen(let verdicts):
                for verdict in verdicts { _ = follow(verdict) }
                return true
            case .reject: return end(.refused)
            case .verdict(let verdict): return follow(verdict)
            case .transportProtocol: continue
            default:
                // A match that no way to an endpoint has: what stands behind it is left out.
                return false
            }
        }
        return false
    }
}
