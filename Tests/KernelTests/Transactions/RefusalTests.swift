// SPDX-License-Identifier: Apache-2.0

import FerruleNetlink
import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import NetworkLab
import Testing

/// A transaction that the kernel refuses changes nothing, and its error says what was wrong with which step.
@Suite("Refused transactions", .needsNamespaces)
struct RefusalTests {
    private static let table = TableName(.ipv4, "ferrule")

    /// A step that fails, and what the error has to say.
    struct BadStep: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let operations: [Operation]
        let refusals: [String]
    }

    private static func services(_ elements: [Element]) -> SetDefinition {
        SetDefinition(
            named: SetName("services"), key: [.address, .transportProtocol, .port], value: .verdict, elements: elements)
    }

    private static func element(_ number: Int, _ verdict: Verdict, comment: String? = nil) -> Element {
        Element(
            .service(IPAddress(ipv4: 0x0a60_0000 + UInt32(number)), .tcp, port(80)), .verdict(verdict),
            comment: comment)
    }

    private static func loop(_ from: String, _ to: String) -> Operation {
        .addRule(table, ChainName(from), Rule(.verdict(.jump(ChainName(to)))))
    }

    private static let badSteps: [BadStep] = {
        let nowhere = Verdict.goto(ChainName("nowhere"))
        let many = (1000..<6000).map { element($0, $0 == 5000 ? nowhere : .drop) }
        return [
            BadStep(
                testDescription: "an element that leads to no chain",
                operations: [
                    .addElements(table, services([element(1, .drop), element(2, nowhere), element(3, .drop)]))
                ],
                refusals: [
                    "add element ip ferrule services { 10.96.0.2 . tcp . 80 : goto nowhere }: "
                        + "No such file or directory (ENOENT, 2)"
                ]),
            BadStep(
                testDescription: "an element with another's key, which the kernel has",
                operations: [.addElements(table, services([element(9, .drop), element(0, .accept, comment: "a/b")]))],
                refusals: [
                    #"add element ip ferrule services { 10.96.0.0 . tcp . 80 comment "a/b" : accept }: "#
                        + "File exists (EEXIST, 17)"
                ]),
            BadStep(
                testDescription: "an element with another's key, which the batch has",
                operations: [
                    .addElements(table, services([element(1, .drop)])),
                    .addElements(table, services([element(1, .accept)])),
                ],
                refusals: [
                    "add element ip ferrule services { 10.96.0.1 . tcp . 80 : accept }: File exists (EEXIST, 17)"
                ]),
            BadStep(
                testDescription: "an element in a later message of many",
                operations: [.addElements(table, services(many))],
                refusals: [
                    "add element ip ferrule services { 10.96.19.136 . tcp . 80 : goto nowhere }: "
                        + "No such file or directory (ENOENT, 2)"
                ]),
            BadStep(
                testDescription: "a rule that leads to no chain, and another error behind it",
                operations: [
                    .addRule(table, ChainName("old"), Rule(.verdict(nowhere))),
                    .addRule(table, ChainName("old"), Rule(.numgen([.drop, nowhere]))),
                    .addRule(table, ChainName("missing"), Rule(.verdict(.drop))),
                ],
                refusals: [
                    "add rule ip ferrule old: No such file or directory (ENOENT, 2)",
                    "add rule ip ferrule old: No such file or directory (ENOENT, 2)",
                    "add rule ip ferrule missing: No such file or directory (ENOENT, 2)",
                ]),
            BadStep(
                testDescription: "masquerade where the kernel has none",
                operations: [
                    .addChain(
                        table,
                        Chain(named: ChainName("hook"), base: BaseChain(.nat, .prerouting, priority: -100), rules: [])),
                    .addRule(table, ChainName("hook"), Rule(.masquerade)),
                ],
                refusals: ["add rule ip ferrule hook: Operation not supported (EOPNOTSUPP, 95)"]),
            BadStep(
                testDescription: "chains that lead to each other, found when the whole is validated",
                operations: [
                    .addChain(table, Chain(named: ChainName("a"), rules: [])),
                    .addChain(table, Chain(named: ChainName("b"), rules: [])),
                    .addChain(
                        table,
                        Chain(named: ChainName("hook"), base: BaseChain(.nat, .prerouting, priority: -100), rules: [])),
                    loop("hook", "a"), loop("a", "b"), loop("b", "a"),
                ],
                refusals: ["add rule ip ferrule b: Too many links (EMLINK, 31)"]),
        ]
    }()

    private func populated() throws -> Namespace {
        let namespace = try Namespace()
        try namespace.apply(
            Transaction([
                .addTable(Self.table), .addSet(Self.table, Self.services([])),
                .addChain(Self.table, Chain(named: ChainName("old"), rules: [])),
                .addElements(Self.table, Self.services([Self.element(0, .drop)])),
            ]))
        return namespace
    }

    @Test("Nothing changes, and the error names step, element and number", arguments: badSteps)
    func changesNothing(bad: BadStep) throws {
        let namespace = try populated()
        let before = try namespace.output("nft", "-a", "list", "ruleset")
        let good = ["before", "behind"].map { Operation.addChain(Self.table, Chain(named: ChainName($0), rules: [])) }
        for mode in [Kernel.Mode.check, .commit] {
            let error = try #require(throws: NetlinkError.self) {
                try namespace.apply(Transaction([good[0]] + bad.operations + [good[1]]), mode)
            }
            switch error {
            case .refused(let refusals), .unsupported(let refusals):
                #expect(refusals.map(\.description) == bad.refusals, "\(mode)")
            default: Issue.record("\(error) (\(mode))")
            }
            #expect(try namespace.output("nft", "-a", "list", "ruleset") == before)
        }
    }

    @Test("A check changes nothing where the transaction is good")
    func checks() throws {
        let namespace = try populated()
        let before = try namespace.output("nft", "-a", "list", "ruleset")
        try namespace.apply(try SyntheticRuleset.services(100, endpoints: 3), .check)
        #expect(try namespace.output("nft", "-a", "list", "ruleset") == before)
        #expect(try Namespace("empty").perform { try Kernel().standing(among: [Self.table]) }.isEmpty)
    }

    /// 20,000 messages, each of them wrong.
    private static let hopeless = Transaction(
        (0..<20_000).map { .addElements(table, services([element($0, .goto(ChainName("nowhere")))])) })

    @Test("Thousands of errors are all read")
    func manyErrors() throws {
        let namespace = try populated()
        let error = try #require(throws: NetlinkError.self) { try namespace.apply(Self.hopeless) }
        guard case .refused(let refusals) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(refusals.count == 20_000)
        #expect(refusals.last?.step == "add element ip ferrule services { 10.96.78.31 . tcp . 80 : goto nowhere }")
    }

    @Test("Where there is no room for all errors, those that arrived are told")
    func lostErrors() throws {
        let namespace = try populated()
        let error = try #require(throws: NetlinkError.self) {
            try namespace.perform { try Kernel(replyRoom: 16 * 1024).apply(Self.hopeless) }
        }
        guard case .refused(let refusals) = error else {
            Issue.record("\(error)")
            return
        }
        #expect((1..<20_000).contains(refusals.count))
        #expect(refusals.first?.step == "add element ip ferrule services { 10.96.0.0 . tcp . 80 : goto nowhere }")
    }

    @Test("A table that another process owns is refused as such")
    func ownedTable() throws {
        let namespace = try Namespace()
        let script = """
            (echo 'add table ip ferrule { flags owner; }'; sleep 5) | nft -i > /dev/null 2>&1 &
            owner=$!
            for try in 1 2 3 4 5 6 7 8 9 10; do
                [ -n "$(nft list tables)" ] && break
                sleep 0.05
            done
            "$0" apply -f - < /dev/fd/3; status=$?
            kill $owner
            exit $status
            """
        let result = try namespace.run(
            ["sh", "-c", "exec 3<&0; " + script, Project.program],
            input: """
                apiVersion: v1
                kind: Service
                metadata: { name: web }
                spec: { clusterIP: 10.96.0.10, ports: [{ port: 80 }] }
                """)
        #expect(result.status == 75)
        #expect(result.standardError.contains("table ip ferrule: Operation not permitted (EPERM, 1)"))
        #expect(result.standardError.contains("another process"))
    }
}
