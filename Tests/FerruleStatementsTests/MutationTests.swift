// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import FerruleStatements
import Testing

/// One way to break a ruleset.
struct Mutation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let apply: @Sendable (inout Table) -> Void

    init(_ name: String, _ apply: @escaping @Sendable (inout Table) -> Void) {
        (testDescription, self.apply) = (name, apply)
    }

    /// Takes rules away.
    private static func without(
        _ name: String, in chains: @escaping @Sendable (ChainPurpose) -> Bool,
        _ isMeant: @escaping @Sendable (Rule) -> Bool = { _ in true }
    ) -> Mutation {
        Mutation(name) { table in
            for index in table.chains.indices where chains(table.chains[index].purpose) {
                table.chains[index].rules.removeAll(where: isMeant)
            }
        }
    }

    /// Changes the elements of sets.
    private static func elements(
        _ name: String, of sets: @escaping @Sendable (SetPurpose) -> Bool,
        _ change: @escaping @Sendable (inout [Element]) -> Void
    ) -> Mutation {
        Mutation(name) { table in
            for index in table.sets.indices where sets(table.sets[index].purpose) {
                change(&table.sets[index].elements)
            }
        }
    }

    /// Replaces statements.
    private static func statements(
        _ name: String, _ change: @escaping @Sendable (Statement) -> Statement?
    ) -> Mutation {
        Mutation(name) { table in
            for chain in table.chains.indices {
                for rule in table.chains[chain].rules.indices {
                    let old = table.chains[chain].rules[rule].statements
                    table.chains[chain].rules[rule].statements = old.compactMap(change)
                }
            }
        }
    }

    /// Gives each element the value of the one before it.
    private static func rotate(_ elements: inout [Element]) {
        guard let last = elements.last else { return }
        let values = [last.value] + elements.dropLast().map(\.value)
        elements = zip(elements, values).map { Element($0.key, $1, comment: $0.comment) }
    }

    private static func isSlot(_ purpose: ChainPurpose) -> Bool { if case .slot = purpose { true } else { false } }

    private static func isFirewall(_ purpose: ChainPurpose) -> Bool {
        if case .shape(.firewall) = purpose { true } else { false }
    }

    private static func isExternalLocal(_ purpose: ChainPurpose) -> Bool {
        if case .shape(.externalLocal) = purpose { true } else { false }
    }

    private static func isRemembering(_ purpose: ChainPurpose) -> Bool {
        switch purpose {
        case .remember, .rememberBoth: true
        default: false
        }
    }

    private static func isRecall(_ purpose: SetPurpose) -> Bool {
        if case .affinityRecall = purpose { true } else { false }
    }

    static let all: [Mutation] = [
        statements("nothing is masqueraded") { $0 == .masquerade ? nil : $0 },
        statements("nothing is marked") { if case .setMark = $0 { nil } else { $0 } },
        without("ClusterIPs do not mark", in: { $0 == .dispatch }) {
            $0.statements.contains { if case .setMark = $0 { true } else { false } }
        },
        Mutation("external addresses do not mark") { table in
            for chain in table.chains.indices {
                guard case .shape(.external) = table.chains[chain].purpose else { continue }
                for rule in table.chains[chain].rules.indices {
                    table.chains[chain].rules[rule].statements.removeAll {
                        if case .setMark = $0 { true } else { false }
                    }
                }
            }
        },
        Mutation("all slots translate as the first") { table in
            let chains = table.chains
            for index in chains.indices {
                guard case .slot(let scope, _) = chains[index].purpose else { continue }
                let first = chains.first { $0.purpose == .slot(scope, 0) }
                table.chains[index].rules = first?.rules ?? []
            }
        },
        without("a slot is empty", in: isSlot),
        statements("chance forgets one of several") { statement in
            guard case .numgen(let verdicts) = statement, verdicts.count > 1 else { return statement }
            return .numgen(Array(verdicts.dropLast()))
        },
        statements("chance has one more than there are") { statement in
            guard case .numgen(let verdicts) = statement, let last = verdicts.last else { return statement }
            return .numgen(verdicts + [last])
        },
        elements("services are exchanged", of: { $0 == .services }, rotate),
        elements("the first service is missing", of: { $0 == .services }) { $0 = Array($0.dropFirst()) },
        elements("the last service is missing", of: { $0 == .services }) { $0 = Array($0.dropLast()) },
        elements("node ports are exchanged", of: { $0 == .nodePorts }, rotate),
        elements("a node port is missing", of: { $0 == .nodePorts }) { $0 = Array($0.dropLast()) },
        elements("endpoints are exchanged", of: { $0.isOfEndpoints }, rotate),
        elements("an endpoint is missing", of: { $0.isOfEndpoints }) { $0 = Array($0.dropLast()) },
        elements("no pod reaches itself", of: { $0 == .hairpin }) { $0 = [] },
        elements("one pod does not reach itself", of: { $0 == .hairpin }) { $0 = Array($0.dropLast()) },
        elements("the source ranges are missing", of: { $0 == .sourceRanges }) { $0 = [] },
        without("source ranges do not drop", in: isFirewall) { $0.statements.last == .verdict(.drop) },
        elements("node ports are served nowhere", of: { $0 == .nodePortAddresses }) { $0 = [] },
        elements("no address is a pod's", of: { $0 == .podCIDRs }) { $0 = [] },
        without("clients are not remembered", in: isRemembering),
        elements("clients are not recalled", of: isRecall) { $0 = [] },
        without("nothing is refused", in: { $0 == .refuse }),
        without("the policy Local does not drop", in: isExternalLocal) { $0.statements.last == .verdict(.drop) },
        without("traffic of others has no way in", in: { $0 == .prerouting }),
        without("traffic of the node has no way in", in: { $0 == .output }),
    ]
}

@Suite("Statements that were proposed")
struct MutationTests {
    private static let proposals = Result { try Shop.shared.get().checker().proposals() }

    @Test("hold in the ruleset that they were proposed for, and not in one that is broken", arguments: Mutation.all)
    func notice(mutation: Mutation) throws {
        let shop = try Shop.shared.get()
        let statements = try Self.proposals.get()
        let results = try shop.checker().check(statements)
        #expect(results.count > 40 && results.allSatisfy(\.holds))
        let broken = try shop.checker(change: mutation.apply).check(statements)
        #expect(broken.contains { !$0.holds }, "nobody notices that \(mutation.testDescription)")
    }

    /// What no statement about a service asks: what becomes of traffic to addresses that none has.
    private static let unasked: Set<SetPurpose> = [.clusterIPs, .serviceCIDRs]

    /// What may be missing unnoticed.
    private static let unnoticed: Set<String> = [
        // Drops what is for an endpoint that goes away in this very moment.
        "slot-0 1", "slot-1 1", "slot-2 1", "nodeport-slot-0 1", "nodeport-slot-1 1", "nodeport-slot-2 1",
        "local-slot-0 1", "nodeport-local-slot-0 1",
        // Lead to what becomes of addresses that no service has.
        "dispatch 3", "unserved 0", "unserved 1",
        // TCP is refused by ICMP then, and other protocols have no service here.
        "refuse 0", "refuse 1", "remember 1", "remember 2",
        // Remembers clients of endpoints with an address of the node.
        "nat-input 0",
        // A port of a ClusterIP that nobody serves is refused too.
        "services 10.96.0.15 . tcp . 9",
        // The one endpoint is on this node anyway.
        "nodeport-external-local-1-1 0",
    ]

    @Test("notice each element that is missing, and each rule")
    func everyPart() throws {
        let shop = try Shop.shared.get()
        let statements = try Self.proposals.get()
        // Most are noticed by the first of these.
        let portions = (0..<8).map { first in stride(from: first, to: statements.count, by: 8).map { statements[$0] } }
        var parts: [String: (inout Table) -> Void] = [:]
        for table in shop.tables {
            for set in table.sets where !Self.unasked.contains(set.purpose) {
                for element in set.elements {
                    parts["\(set.name) \(element.key)"] = { table in
                        for index in table.sets.indices where table.sets[index].name == set.name {
                            table.sets[index].elements.removeAll { $0.key == element.key }
                        }
                    }
                }
            }
            for chain in table.chains {
                for (number, rule) in chain.rules.enumerated() {
                    parts["\(chain.name) \(number)"] = { table in
                        for index in table.chains.indices where table.chains[index].name == chain.name {
                            table.chains[index].rules.removeAll { $0 == rule }
                        }
                    }
                }
            }
        }
        #expect(parts.count > 60)
        let unnoticed = try parts.filter { _, change in
            let checker = shop.checker(change: change)
            return try portions.allSatisfy { try checker.check($0).allSatisfy(\.holds) }
        }
        #expect(Set(unnoticed.keys) == Self.unnoticed)
    }
}
