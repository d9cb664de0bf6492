// SPDX-License-Identifier: Apache-2.0

import FerruleNode
import FerruleCLI
import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import NetworkLab
import Testing

/// What the guarantee of `apply --confirm` rests on, in a kernel: a commit that comes after the previous ruleset was put back is
/// refused.
@Suite("Claims", .needsNamespaces)
struct ClaimTests {
    private static let tables = IPFamily.allCases.map(TableName.ferrule)

    private func listing(_ namespace: Namespace) throws -> String { try namespace.output("nft", "list", "ruleset") }

    /// Claims the tables, and reads them.
    private func claimed(_ namespace: Namespace) throws -> KernelState {
        try namespace.perform { () throws(NetlinkError) in
            let claim = try Kernel().claim(Self.tables, orNew: Self.tables[0])
            let state = try Kernel().read(Self.tables)
            #expect(state.claims.count == 1 && claim.map { state.claims[0].isSame(as: $0) } == true)
            return state
        }
    }

    private func commit(_ transaction: Transaction, _ state: KernelState, in namespace: Namespace) throws {
        try namespace.perform { () throws(NetlinkError) in
            try Kernel().apply(transaction, bound: Binding(claims: state.claims))
        }
    }

    @Test(
        "After the tables were put back the claimed commit is refused, also where nothing stood",
        arguments: [true, false])
    func putBack(stands: Bool) throws {
        let namespace = try Namespace("claimed")
        if stands { try namespace.apply(TestCluster(PartTests.manifests).ruleset()) }
        let before = try listing(namespace)
        let state = try claimed(namespace)
        #expect(try listing(namespace) != before)
        // As the watchdog does.
        try namespace.apply(.replacing(with: state.ruleset))
        #expect(try listing(namespace) == before)
        let new = try SyntheticRuleset.services(3, endpoints: 2)
        #expect(throws: NetlinkError.changedUnderway) {
            try commit(.replacing(with: new), state, in: namespace)
        }
        #expect(try listing(namespace) == before)
    }

    @Test("Other programs' commits do not have it refused, and the claim goes with it")
    func neighbour() throws {
        let namespace = try Namespace("claimed")
        try namespace.apply(SyntheticRuleset.services(3, endpoints: 2))
        let state = try claimed(namespace)
        try Neighbour.settle(in: namespace, chains: 5)
        let new = try SyntheticRuleset.services(4, endpoints: 2)
        try commit(.replacing(with: new), state, in: namespace)
        #expect(try namespace.holds(new))
        #expect(try !listing(namespace).contains("claim-"))
    }

    @Test(
        "What is flushed or deleted meanwhile has it refused", arguments: ["flush ruleset", "delete table ip ferrule"])
    func flushed(change: String) throws {
        let namespace = try Namespace("claimed")
        try namespace.apply(SyntheticRuleset.services(3, endpoints: 2))
        let state = try claimed(namespace)
        try namespace.load(change)
        #expect(throws: NetlinkError.changedUnderway) {
            try commit(.replacing(with: state.ruleset), state, in: namespace)
        }
    }

    @Test("A claim that an apply has left behind goes with the next change, and is no drift until then")
    func leftBehind() throws {
        let namespace = try Namespace("claimed")
        let rulesets = try [3, 4].map { try SyntheticRuleset.services($0, endpoints: 2) }
        try namespace.update(to: rulesets[0])
        _ = try claimed(namespace)
        #expect(try !namespace.update(to: rulesets[0]).isChanged)
        #expect(try listing(namespace).contains("claim-"))
        let outcome = try namespace.update(to: rulesets[1])
        #expect(outcome.isChanged && outcome.drift == [])
        #expect(try !listing(namespace).contains("claim-"))
    }
}
