// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

@testable import FerruleNetlink

struct LiftingTests {
    /// Each kind of statement that Ferrule writes, where some need a match before them.
    private static let statements: [[Statement]] = {
        let address = SetName("addresses"), services = SetName("services")
        let key: [Field] = [.destinationAddress, .transportProtocol, .destinationPort]
        let mark = Mark(bit: 14)
        let plain: [Statement] = [
            .lookup([.destinationAddress], address, negated: false),
            .lookup([.sourceAddress], address, negated: true),
            .lookup([.sourceAddress, .destinationAddress], address, negated: false),
            .lookup(key, services, negated: true),
            .lookup(key + [.sourceAddress], services, negated: false),
            .lookup([.transportProtocol, .destinationPort, .sourceAddress], services, negated: true),
            .verdictMap(key, services), .verdictMap([.transportProtocol, .destinationPort], services),
            .verdictMap([.originalDestinationAddress, .transportProtocol, .originalDestinationPort], services),
            .numgen([.goto(ChainName("slot-0"))]),
            .numgen([.goto(ChainName("slot-0")), .goto(ChainName("slot-1")), .jump(ChainName("slot-2")), .drop]),
            .isLocal(.destination, negated: false), .isLocal(.destination, negated: true),
            .isLocal(.source, negated: false), .isNotLoopback, .isDNAT,
            .inputInterface("cni0", isPrefix: false, negated: false),
            .inputInterface("cali", isPrefix: true, negated: true),
            .setDestination(key, services), .dnat(key, services),
            .dnat([.transportProtocol, .destinationPort], services), .masquerade,
            .reject(withTCPReset: false), .verdict(.accept), .verdict(.drop), .verdict(.goto(ChainName("refuse"))),
            .verdict(.jump(ChainName("mark"))),
        ]
        let marks = mark.map { [Statement.hasMark($0), .setMark($0), .xorMark($0)] } ?? []
        let ofProtocols = TransportProtocol.allCases.flatMap { transport in
            [
                [Statement.transportProtocol(transport)], [.hasPort(transport)],
                [
                    .transportProtocol(transport),
                    .update(
                        services, key: [.sourceAddress], timeout: 10_800,
                        data: [.destinationAddress, .portOf(transport)]),
                ],
            ]
        }
        return (plain + marks).map { [$0] } + ofProtocols + [[.transportProtocol(.tcp), .reject(withTCPReset: true)]]
    }()

    private static let rules: [(IPFamily, Rule)] = IPFamily.allCases.flatMap { family in
        statements.map { (family, Rule($0)) }
    }

    @Test("a rule is found again in the instructions that are made of it", arguments: rules)
    func roundTrip(family: IPFamily, rule: Rule) {
        let expressions = Lowering(family).expressions(of: rule)
        #expect(!expressions.isEmpty)
        #expect(Lifting.rule(of: expressions, family) == rule)
    }

    @Test("each statement is read where it ends, whatever follows", arguments: IPFamily.allCases)
    func sequences(family: IPFamily) {
        for first in Self.statements {
            for second in Self.statements {
                // Of two matches of a protocol the first counts for what is remembered, so there is one in a rule.
                let rule = Rule(first + second)
                guard rule.matchesOneProtocol else { continue }
                #expect(Lifting.rule(of: Lowering(family).expressions(of: rule), family) == rule)
            }
        }
    }

    @Test("instructions that are cut short, doubled or in another order are no such rule", arguments: rules)
    func strangers(family: IPFamily, rule: Rule) {
        let expressions = Lowering(family).expressions(of: rule)
        func expectOther(_ others: [KernelExpression]) {
            // Another rule of Ferrule's may be made so, but then of exactly these instructions.
            guard others != expressions, let found = Lifting.rule(of: others, family) else { return }
            #expect(found != rule && Lowering(family).expressions(of: found) == others)
        }
        for index in expressions.indices {
            expectOther(Array(expressions[..<index]))
            expectOther(Array(expressions[index...].dropFirst() + expressions[..<index]))
            var doubled = expressions
            doubled.insert(expressions[index], at: index)
            expectOther(doubled)
        }
        expectOther(expressions.reversed())
    }

    @Test("what Ferrule never writes is no rule of its own")
    func foreign() {
        let register = Register(word: 0)
        let others: [[KernelExpression]] = [
            [.payload(.network, offset: 9, length: 1, to: register), .compare(.equal, register, [6])],
            [.loadMeta(.mark, to: register), .compare(.equal, register, [0, 0, 0, 1])],
            [
                .loadMeta(.mark, to: register), .bitwise(register, mask: 3, xor: 0),
                .compare(.notEqual, register, [0, 0, 0, 0]),
            ],
            [.payload(.network, offset: 16, length: 4, to: register), .compare(.notEqual, register, [10, 0, 0, 1])],
            [.loadConntrack(.status, to: register), .compare(.equal, register, [1, 0, 0, 0])],
        ]
        for expressions in others { #expect(Lifting.rule(of: expressions, .ipv4) == nil, "\(expressions)") }
        #expect(Lifting.rule(of: [], .ipv4) == Rule([]))
    }
}

extension Rule {
    fileprivate var matchesOneProtocol: Bool {
        statements.count { statement in
            switch statement {
            case .transportProtocol, .hasPort: true
            default: false
            }
        } < 2
    }
}
