// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// What the rules around the services say: which maps packets are looked up in, and for whom.
///
/// It is read from the rules that packets meet on their way in, so nothing is found in a table that the kernel does not
/// enter.
struct Entrance {
    private(set) var services: SetName?
    private(set) var nodePorts: SetName?
    private(set) var clusterIPs: SetName?
    private(set) var serviceCIDRs: SetName?
    /// Matches packets by who sent them, pods or others; nil where nothing does.
    private(set) var podMatch: Statement?
    /// The destinations at which node ports are looked up; nil for every address of the node.
    private(set) var nodePortAddresses: SetName?
    private(set) var masqueradesAll = false
    private(set) var mark: Mark?

    private let chains: [ChainName: Chain]
    private var visited: Set<ChainName> = []

    init(_ table: Table, _ chains: [ChainName: Chain]) {
        self.chains = chains
        for chain in table.chains where chain.base?.hook == .prerouting && chain.base?.kind == .nat { walk(chain) }
        for chain in table.chains where chain.base?.hook == .postrouting && chain.base?.kind == .nat {
            for case .hasMark(let mark) in chain.rules.flatMap(\.statements) { self.mark = mark }
        }
        guard podMatch == nil else { return }
        // Where everything is masqueraded, only the chains of the policy Local ask for the sender.
        let reached = Reachability(of: table).chains
        for chain in table.chains where reached.contains(chain.name) {
            for rule in chain.rules { readSender(rule.statements) }
        }
    }

    private mutating func walk(_ chain: Chain) {
        guard visited.insert(chain.name).inserted else { return }
        for rule in chain.rules {
            if case .verdict(let verdict)? = rule.statements.last, let next = verdict.chain, rule.statements.count == 1
            {
                if let chain = chains[next] { walk(chain) }
            } else {
                read(rule.statements)
            }
        }
    }

    private mutating func read(_ statements: [Statement]) {
        switch statements.last {
        case .verdictMap(let key, let map):
            if key.first == .destinationAddress {
                services = map
            } else {
                (nodePorts, nodePortAddresses) = (map, destinations(statements))
            }
        case .setMark:
            masqueradesAll = statements.count == 2
            readSender(statements)
        case .verdict(.drop): serviceCIDRs = destinations(statements)
        case .verdict(let verdict) where verdict.chain != nil: clusterIPs = destinations(statements)
        default: break
        }
    }

    private mutating func readSender(_ statements: [Statement]) {
        for statement in statements {
            switch statement {
            case .lookup([.sourceAddress], _, _), .inputInterface: podMatch = statement
            default: continue
            }
        }
    }

    /// The set of destinations that a rule is for.
    private func destinations(_ statements: [Statement]) -> SetName? {
        for case .lookup([.destinationAddress], let set, negated: false) in statements { return set }
        return nil
    }
}
