// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

/// What the evaluator does at each statement, and how ways go on, part and end.
@Suite("Evaluator")
struct EvaluatorTests {
    private static let client = IPAddress(ipv4: 0xc633_6401)
    private static let pod = IPAddress(ipv4: 0x0af4_0007)
    private static let node = IPAddress(ipv4: 0xc000_020b)
    private static let virtual = IPAddress(ipv4: 0x0a60_000a)
    private static let one = Endpoint(IPAddress(ipv4: 0x0af4_0101), port(8080))
    private static let other = Endpoint(IPAddress(ipv4: 0x0af4_0102), port(8080))
    private static let environment = PacketEnvironment(localAddresses: [node])
    private static let mark = bit(14)

    private static func port(_ number: Int) -> Port {
        guard let port = Port(number) else { preconditionFailure("\(number) is no port") }
        return port
    }

    private static func bit(_ number: Int) -> Mark {
        guard let mark = Mark(bit: number) else { preconditionFailure("\(number) is no bit") }
        return mark
    }

    private static func packet(
        from source: IPAddress = client, to address: IPAddress = virtual, _ number: Int = 80,
        _ transport: TransportProtocol = .tcp, in interface: String? = "eth0"
    ) -> Packet {
        Packet(from: source, to: Endpoint(address, port(number)), transport, inputInterface: interface)
    }

    /// A table whose prerouting chain, and output chain, have some rules.
    private static func table(_ rules: [Rule], _ more: [Chain] = [], sets: [SetDefinition] = sets) -> Table {
        Table(
            .ferrule(.ipv4), sets: sets,
            chains: more + [Chain(.prerouting, rules: rules), Chain(.output, rules: rules)])
    }

    private static let serviceKey: [Field] = [.destinationAddress, .transportProtocol, .destinationPort]
    private static let endpoints = SetPurpose.endpoints(SlotScope(isNodePort: false, isLocal: false), slot: 0)
    private static let affinity = SetPurpose.affinity(isLocal: false, of: "shop/web/tcp/http")
    private static let parts = SetPurpose.parts(SlotScope(isNodePort: false, isLocal: false), number: 0)

    private static func range(_ text: String) -> Prefix {
        guard let range = Prefix(text) else { preconditionFailure("\(text) is no range") }
        return range
    }

    private static let sets: [SetDefinition] = [
        SetDefinition(
            .services, key: [.address, .transportProtocol, .port], value: .verdict,
            elements: [Element(.service(virtual, .tcp, port(80)), .verdict(.drop))]),
        SetDefinition(
            endpoints, key: [.address, .transportProtocol, .port], value: .data([.address, .port]),
            elements: [Element(.service(virtual, .tcp, port(80)), .data(.endpoint(one.address, one.port)))]),
        SetDefinition(
            parts, key: [.address, .transportProtocol, .port], value: .data([.address]),
            elements: [Element(.service(virtual, .tcp, port(80)), .data(.address(node)))]),
        SetDefinition(
            .podCIDRs, key: [.address], kind: .interval,
            elements: ["10.9.0.0/16", "10.244.0.0/16", "192.168.0.0/24"].map { Element(.prefix(range($0))) }),
        SetDefinition(
            .sourceRanges, key: [.address, .transportProtocol, .port, .address], kind: .interval,
            elements: ["10.0.0.0/8", "198.51.100.0/24"].map {
                Element(.serviceSource(virtual, .tcp, port(80), range($0)))
            }),
        SetDefinition(
            affinity, key: [.address], value: .data([.address, .port]),
            kind: .dynamic(SetDefinition.DynamicElements(timeout: 60, values: []))),
    ]

    private static func fates(
        _ table: Table, _ packet: Packet = packet(), _ entry: Packet.Entry = .prerouting,
        _ environment: PacketEnvironment = environment
    ) -> [PacketOutcome.Fate] {
        Evaluator(table).evaluate(packet, enteringBy: entry, environment).outcomes.map(\.outcome.fate)
    }

    /// Packets for which a match lets the rest of its rule go on.
    struct Match: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let statement: Statement
        let met: [Packet]
        let missed: [Packet]
        var entry = Packet.Entry.prerouting

        init(
            _ name: String, _ statement: Statement, met: [Packet], missed: [Packet], _ entry: Packet.Entry = .prerouting
        ) {
            (testDescription, self.statement, self.met, self.missed) = (name, statement, met, missed)
            self.entry = entry
        }

        static let all: [Match] = addresses + packets + interfaces

        private static let addresses: [Match] = [
            Match(
                "a range, its ends, and between two",
                .lookup([.sourceAddress], SetPurpose.podCIDRs.name, negated: false),
                met: ["10.9.0.0", "10.244.255.255", "10.244.3.1", "192.168.0.255"].map(from),
                missed: ["10.8.255.255", "10.245.0.0", "10.100.0.1", "192.168.1.0", "1.2.3.4"].map(from)),
            Match(
                "out of all ranges", .lookup([.sourceAddress], SetPurpose.podCIDRs.name, negated: true),
                met: [packet()], missed: [packet(from: pod)]),
            Match(
                "a range behind a key",
                .lookup(serviceKey + [.sourceAddress], SetPurpose.sourceRanges.name, negated: false),
                met: ["10.255.0.1", "198.51.100.7"].map(from),
                missed: [from("198.51.101.1"), from("9.9.9.9"), packet(443), packet(80, .udp)]),
            Match(
                "a local source", .isLocal(.source, negated: false), met: [packet(from: node), from("127.0.0.1")],
                missed: [packet()]),
            Match(
                "a destination that is not local", .isLocal(.destination, negated: true), met: [packet()],
                missed: [packet(to: node)]),
            Match(
                "no loopback", .isNotLoopback, met: [packet()], missed: [packet(to: IPAddress(ipv4: 0x7f00_0009))]),
        ]

        private static let packets: [Match] = [
            Match(
                "a protocol", .transportProtocol(.udp), met: [packet(53, .udp)], missed: [packet(), packet(80, .sctp)]),
            Match("a port of a protocol", .hasPort(.sctp), met: [packet(80, .sctp)], missed: [packet()]),
            Match(
                "a mark", .hasMark(mark), met: [marked(0x4000), marked(0xffff)], missed: [packet(), marked(0x8000)]),
            Match("no translation yet", .isDNAT, met: [], missed: [packet()]),
        ]

        private static let interfaces: [Match] = [
            Match(
                "an interface", .inputInterface("eth0", isPrefix: false, negated: false), met: [packet()],
                missed: [packet(in: "eth01"), packet(in: "cbr0")]),
            Match(
                "the start of one", .inputInterface("eth", isPrefix: true, negated: false),
                met: [packet(), packet(in: "eth")], missed: [packet(in: "et")]),
            Match(
                "another interface", .inputInterface("eth0", isPrefix: false, negated: true), met: [packet(in: "cbr0")],
                missed: [packet()]),
            Match(
                "none, as the node's own packets have",
                .inputInterface("eth0", isPrefix: false, negated: true), met: [packet(from: node, in: nil)], missed: [],
                .output),
        ]

        private static func from(_ text: String) -> Packet {
            guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
            return packet(from: address)
        }

        private static func marked(_ mark: UInt32) -> Packet {
            var packet = packet()
            packet.mark = mark
            return packet
        }

        private static func packet(_ number: Int, _ transport: TransportProtocol = .tcp) -> Packet {
            EvaluatorTests.packet(to: virtual, number, transport)
        }

        private static func packet(
            from source: IPAddress = client, to address: IPAddress = virtual, in interface: String? = "eth0"
        ) -> Packet {
            EvaluatorTests.packet(from: source, to: address, 80, .tcp, in: interface)
        }
    }

    @Test("A match lets some packets go on", arguments: Match.all)
    func matches(_ match: Match) {
        let table = Self.table([Rule(match.statement, .verdict(.drop))])
        for packet in match.met { #expect(Self.fates(table, packet, match.entry) == [.dropped], "\(packet)") }
        for packet in match.missed { #expect(Self.fates(table, packet, match.entry) == [.passed], "\(packet)") }
    }

    @Test("A packet whose interface is not known is not judged by it")
    func lacksInterface() {
        let rule = Rule(.inputInterface("eth0", isPrefix: false, negated: false), .verdict(.drop))
        let fates = Self.fates(Self.table([rule]), Self.packet(in: nil))
        #expect(fates == [.notKnown(.inputInterface(rule, in: ChainPurpose.prerouting.name))])
    }

    @Test("Marks are set, cleared and kept")
    func marks() {
        let other = Self.bit(15)
        let rules = [
            Rule(.setMark(Self.mark)), Rule(.setMark(other)), Rule(.xorMark(Self.mark)),
            Rule(.hasMark(Self.mark), .verdict(.accept)), Rule(.hasMark(other), .verdict(.drop)),
        ]
        #expect(Self.fates(Self.table(rules)) == [.dropped])
    }

    @Test("An element gives a verdict, and where there is none the next rule follows")
    func verdictMaps() {
        let rules = [
            Rule(.verdictMap(Self.serviceKey, SetPurpose.services.name)), Rule(.reject(withTCPReset: false)),
        ]
        #expect(Self.fates(Self.table(rules)) == [.dropped])
        #expect(Self.fates(Self.table(rules), Self.packet(443)) == [.refused(withTCPReset: false)])
    }

    private static func packet(_ number: Int) -> Packet { packet(from: client, number) }

    @Test("A translation ends the hook's chains of its type, and the packet goes on")
    func translates() {
        let rules = [
            Rule(.dnat(Self.serviceKey, Self.endpoints.name)), Rule(.verdict(.drop)),
        ]
        let late = Chain(
            named: ChainName("late"), base: BaseChain(.nat, .prerouting, priority: 0), rules: [Rule(.verdict(.drop))])
        let out = Chain(.postrouting, rules: [Rule(.isDNAT, .masquerade)])
        let table = Self.table(rules, [late, out])
        let outcomes = Evaluator(table).evaluate(Self.packet(), enteringBy: .prerouting, Self.environment).outcomes
        #expect(outcomes.map(\.outcome) == [PacketOutcome(fate: .dnat(Self.one), isMasqueraded: true)])
        // Without a translation the later chain is met.
        #expect(Self.fates(Self.table([], [late, out])) == [.dropped])
    }

    @Test("Filter chains are met after a translation too, by priority, and their policy is the last word")
    func filters() {
        func filter(_ policy: BaseChain.Policy, _ rules: [Rule]) -> Chain {
            Chain(
                named: ChainName("filter"), base: BaseChain(.filter, .forward, priority: 0, policy: policy),
                rules: rules)
        }
        let translate = [Rule(.dnat(Self.serviceKey, Self.endpoints.name))]
        #expect(Self.fates(Self.table(translate, [filter(.drop, [])])) == [.dropped])
        #expect(
            Self.fates(Self.table(translate, [filter(.drop, [Rule(.isDNAT, .verdict(.accept))])])) == [
                .dnat(Self.one)
            ])
        #expect(Self.fates(Self.table(translate, [filter(.accept, [])])) == [.dnat(Self.one)])
        // What ends on the node is not forwarded.
        let toNode = Self.packet(to: Self.node)
        #expect(Self.fates(Self.table([], [filter(.drop, [])]), toNode) == [.passed])
        #expect(Self.fates(Self.table([], [filter(.drop, [])]), toNode, .output) == [.passed])
    }

    @Test("What goes to the node itself is not masqueraded, unless a process on it sends it")
    func input() {
        let out = Chain(.postrouting, rules: [Rule(.masquerade)])
        let table = Self.table([], [out])
        for (entry, isMasqueraded) in [(Packet.Entry.prerouting, false), (.output, true)] {
            let outcome = Evaluator(table).evaluate(Self.packet(to: Self.node), enteringBy: entry, Self.environment)
            #expect(outcome.outcomes.map(\.outcome) == [PacketOutcome(fate: .passed, isMasqueraded: isMasqueraded)])
        }
    }

    @Test("Of many verdicts each is as likely as the others")
    func numgen() throws {
        let slots = (0..<3).map { Chain(.slot(SlotScope(isNodePort: false, isLocal: false), $0), rules: slotRules($0)) }
        let verdicts = [0, 1, 1, 2].map { Verdict.goto(slots[$0].name) }
        let evaluation = Evaluator(Self.table([Rule(.numgen(verdicts))], slots))
            .evaluate(Self.packet(), enteringBy: .prerouting, Self.environment)
        let outcomes = evaluation.outcomes
        #expect(outcomes.map(\.outcome.fate) == [.dnat(Self.one), .dropped, .passed])
        #expect(outcomes.map(\.share) == [Share(1, of: 4), Share(1, of: 2), Share(1, of: 4)])
        guard case .choice(let branches) = evaluation.ending else { throw Never.happens }
        #expect(branches.count == 3 && evaluation.steps.count == 1)
    }

    private enum Never: Error { case happens }

    private func slotRules(_ slot: Int) -> [Rule] {
        switch slot {
        case 0: [Rule(.dnat(Self.serviceKey, Self.endpoints.name))]
        case 1: [Rule(.verdict(.drop))]
        default: []
        }
    }

    @Test("A choice within a choice")
    func nested() {
        let inner = Chain(named: ChainName("inner"), rules: [Rule(.numgen([.drop, .accept, .accept]))])
        let table = Self.table([Rule(.numgen([.goto(inner.name), .accept]))], [inner])
        let outcomes = Evaluator(table).evaluate(Self.packet(), enteringBy: .prerouting, Self.environment).outcomes
        #expect(outcomes.map(\.outcome.fate) == [.dropped, .passed])
        #expect(outcomes.map(\.share) == [Share(1, of: 6), Share(5, of: 6)])
    }

    @Test("A jump comes back, a goto does not")
    func jumps() {
        let empty = Chain(named: ChainName("empty"), rules: [])
        let middle = Chain(
            named: ChainName("middle"), rules: [Rule(.verdict(.goto(empty.name))), Rule(.verdict(.drop))])
        #expect(
            Self.fates(Self.table([Rule(.verdict(.jump(empty.name))), Rule(.verdict(.drop))], [empty])) == [.dropped])
        #expect(
            Self.fates(Self.table([Rule(.verdict(.goto(empty.name))), Rule(.verdict(.drop))], [empty])) == [.passed])
        // A goto within a jump comes back to where the jump was.
        let rules = [Rule(.verdict(.jump(middle.name))), Rule(.reject(withTCPReset: true))]
        #expect(Self.fates(Self.table(rules, [empty, middle])) == [.refused(withTCPReset: true)])
        // Accepting ends all of it.
        let accept = Chain(named: ChainName("accept"), rules: [Rule(.verdict(.accept))])
        #expect(
            Self.fates(Self.table([Rule(.verdict(.jump(accept.name))), Rule(.verdict(.drop))], [accept])) == [.passed])
    }

    @Test("A destination that a rule has set is what later rules find")
    func setsDestination() {
        let rules = [
            Rule(
                .setDestination(Self.serviceKey, Self.parts.name), .isLocal(.destination, negated: false),
                .verdict(.drop)),
            Rule(.reject(withTCPReset: false)),
        ]
        #expect(Self.fates(Self.table(rules)) == [.dropped])
        #expect(Self.fates(Self.table(rules), Self.packet(443)) == [.refused(withTCPReset: false)])
    }

    @Test("A set that all packets count as being in is not looked into")
    func assumes() {
        let unserved = SetPurpose.clusterIPs.name
        let rules = [
            Rule(.lookup([.destinationAddress], unserved, negated: true), .verdict(.drop)),
            Rule(.lookup([.destinationAddress], unserved, negated: false), .reject(withTCPReset: false)),
        ]
        let sets = Self.sets.filter { $0.purpose != .clusterIPs } + [SetDefinition(.clusterIPs, key: [.address])]
        let evaluator = Evaluator(Self.table(rules, sets: sets))
        var environment = Self.environment
        let fate = { evaluator.evaluate(Self.packet(), enteringBy: .prerouting, environment).outcomes[0].outcome.fate }
        #expect(fate() == .dropped)
        environment.assumedSets = [unserved]
        #expect(fate() == .refused(withTCPReset: false))
    }

    @Test("A stranger is in none of the sets, even if only one address is")
    func strangers() {
        func table(_ ranges: [String]) -> Table {
            let elements = ranges.map { Element(.prefix(Self.range($0))) }
            return Self.table(
                [], sets: [SetDefinition(.podCIDRs, key: [.address], kind: .interval, elements: elements)])
        }
        #expect(Strangers(to: [.podCIDRs], of: table([])).first()?.description == "198.51.100.1")
        #expect(Strangers(to: [.podCIDRs], of: table(["198.51.100.0/24"])).first()?.description == "203.0.113.1")
        #expect(Strangers(to: [.serviceCIDRs], of: table(["198.51.100.0/24"])).first()?.description == "198.51.100.1")
        let most = ["0.0.0.0/1", "128.0.0.0/3", "160.0.0.0/32", "160.0.0.2/31", "192.0.0.0/2"]
        #expect(Strangers(to: [.podCIDRs], of: table(most)).first()?.description == "160.0.0.1")
        #expect(Strangers(to: [.podCIDRs], of: table(["0.0.0.0/0"])).first() == nil)
        let first = ["198.51.100.1", "203.0.113.1", "192.0.2.1"].compactMap { IPAddress($0) }
        #expect(Strangers(to: [.podCIDRs], of: table([])).first(besides: [first[0]])?.description == "203.0.113.1")
        #expect(Strangers(to: [.podCIDRs], of: table([])).first(besides: Set(first))?.description == "198.51.100.2")
        #expect(
            Strangers(to: [.podCIDRs], of: table(["10.0.0.0/8"])).first(besides: Set(first))?.description == "11.0.0.0")
    }

    @Test("What a packet has written, later ones find; and it is renewed, not replaced")
    func remembers() throws {
        let map = Self.affinity.name
        let rules = [
            Rule(.transportProtocol(.tcp), .dnat([.sourceAddress], map)),
            Rule(.dnat(Self.serviceKey, Self.endpoints.name)),
        ]
        let update = Statement.update(
            map, key: [.sourceAddress], timeout: 60, data: [.destinationAddress, .portOf(.tcp)])
        let asked = [Field.originalDestinationAddress, .transportProtocol, .originalDestinationPort]
        let out = Chain(
            .affinityPostrouting,
            rules: [Rule(.isDNAT, .hasPort(.tcp), update), Rule(.verdictMap(asked, SetPurpose.services.name))])
        let evaluator = Evaluator(Self.table(rules, [out]))
        var environment = Self.environment
        func outcome() throws -> PacketOutcome {
            let outcomes = evaluator.evaluate(Self.packet(), enteringBy: .prerouting, environment).outcomes
            try #require(outcomes.count == 1)
            return outcomes[0].outcome
        }
        // The last rule finds the service by where the connection was going, and drops it.
        let first = try outcome()
        #expect(first.fate == .dropped)
        let endpoints = [Self.one, Self.other].map { Concatenation.endpoint($0.address, $0.port) }
        #expect(first.timeoutElements == [TimeoutElement(map, .address(Self.client), endpoints[0], timeout: 60)])
        let given = TimeoutElement(map, .address(Self.client), endpoints[1], timeout: 60)
        environment.take([given])
        #expect(try outcome().timeoutElements == [given])
        let led = Evaluator(Self.table(rules)).evaluate(Self.packet(), enteringBy: .prerouting, environment)
        #expect(led.outcomes.map(\.outcome.fate) == [.dnat(Self.other)])
        #expect(led.steps.last?.met?.set == Self.affinity)
    }

    @Test("What somebody else has made gives no answer where it stands, and not before")
    func foreign() {
        var chain = Chain(.dispatch, rules: [Rule(.transportProtocol(.udp), .verdict(.drop)), Rule(.verdict(.accept))])
        chain.foreignRules = [ForeignRule("counter", at: 1)]
        let enter = [Rule(.verdict(.jump(ChainPurpose.dispatch.name)))]
        let table = Self.table(enter, [chain])
        #expect(Self.fates(table, Self.packet(53, udp: ())) == [.dropped])
        #expect(Self.fates(table) == [.notKnown(.foreignRule("counter", in: chain.name))])
        chain.foreignRules = [ForeignRule("counter", at: 2)]
        #expect(Self.fates(Self.table(enter, [chain])) == [.passed])

        var other = Self.table([Rule(.verdict(.drop))])
        other.foreign = [.set(SetName("mine"))]
        #expect(Self.fates(other) == [.dropped])
        other.foreign = [.chain(ChainName("mine"))]
        #expect(Self.fates(other) == [.notKnown(.foreignObject("chain ip ferrule mine"))])
        let lookup = [Rule(.lookup([.sourceAddress], SetName("mine"), negated: false), .verdict(.drop))]
        #expect(Self.fates(Self.table(lookup)) == [.notKnown(.foreignObject("set ip ferrule mine"))])
        // What is found there is no other for the elements that are not known; what is not found may be among them.
        var ways = Self.table([Rule(.verdictMap([.destinationPort], SetName("ways")))])
        let known = Element(Concatenation([.port(Self.port(80))]), .verdict(.drop))
        ways.sets = [SetDefinition(named: SetName("ways"), key: [.port], value: .verdict, elements: [known])]
        ways.foreign = [.elements(2, of: SetName("ways"))]
        #expect(Self.fates(ways) == [.dropped])
        #expect(
            Self.fates(ways, Self.packet(81, udp: ())) == [
                .notKnown(.foreignObject("2 elements of set ip ferrule ways"))
            ])
        let lost = [Rule(.verdict(.goto(ChainName("mine"))))]
        #expect(Self.fates(Self.table(lost)) == [.notKnown(.foreignObject("chain ip ferrule mine"))])
    }

    private static func packet(_ number: Int, udp: Void) -> Packet { packet(from: client, number, .udp) }

    @Test("Chains in a circle, and ways beyond counting, come to an end")
    func ends() {
        let circle = ChainName("circle")
        let around = Chain(named: circle, rules: [Rule(.verdict(.goto(circle)))])
        #expect(Self.fates(Self.table([Rule(.verdict(.jump(circle)))], [around])) == [.notKnown(.tooManyWays)])
        let twice = Chain(named: circle, rules: [Rule(.numgen(Array(repeating: .jump(circle), count: 3000)))])
        #expect(Self.fates(Self.table([Rule(.verdict(.jump(circle)))], [twice])) == [.notKnown(.tooManyWays)])
    }

    @Test("Steps name the rules that did something, and what they found")
    func steps() {
        let rules = [
            Rule(.transportProtocol(.udp), .verdict(.drop)), Rule(.setMark(Self.mark)),
            Rule(.lookup([.sourceAddress], SetPurpose.podCIDRs.name, negated: false), .verdict(.drop)),
        ]
        let evaluation = Evaluator(Self.table(rules))
            .evaluate(Self.packet(from: Self.pod), enteringBy: .prerouting, Self.environment)
        #expect(evaluation.steps.map(\.rule) == [rules[1], rules[2]])
        #expect(evaluation.steps.map(\.chain) == [.prerouting, .prerouting])
        #expect(evaluation.steps.map { $0.met?.element.key } == [nil, .prefix(Self.range("10.244.0.0/16"))])
    }
}

@Suite("Shares")
struct ShareTests {
    @Test("are in lowest terms, exact, and never silently wrong")
    func arithmetic() throws {
        let third = try #require(Share(2, of: 6))
        #expect(third.description == "1/3" && third == Share(1, of: 3))
        #expect(third + third == Share(2, of: 3))
        #expect(third * third == Share(1, of: 9))
        let sixth = try #require(Share(1, of: 6))
        #expect(third + sixth == Share(1, of: 2) && sixth < third)
        let tenth = try #require(Share(1, of: 10))
        var sum = tenth
        for _ in 1..<10 {
            let next = sum + tenth
            sum = try #require(next)
        }
        #expect(sum == .whole)
        #expect(Share(0, of: 3) == nil && Share(4, of: 3) == nil)
        let fine = try #require(Share(1, of: 4_294_967_311))
        #expect(fine * fine == nil)
        let finer = try #require(Share(1, of: 4_294_967_357))
        #expect(fine + finer == nil)
    }
}
