// SPDX-License-Identifier: Apache-2.0

import FerruleCompiler
import FerruleNetwork
import FerruleRuleset
import Testing

/// What the digest of a ruleset sees, and what it does not.
struct RulesetDigestTests {
    private static func endpoints(_ slot: Int, _ addresses: [Int]) -> SetDefinition {
        let elements = addresses.compactMap { number -> Element? in
            guard let port = Port(80) else { return nil }
            let key = ElementKey.service(IPAddress(ipv4: 0x0a60_0000 + UInt32(number)), .tcp, port)
            return Element(key, .data(.endpoint(IPAddress(ipv4: 0x0af4_0000 + UInt32(slot)), port)))
        }
        return SetDefinition(
            named: SetName("endpoints-\(slot)"), key: [.address, .transportProtocol, .port],
            value: .data([.address, .port]),
            elements: elements)
    }

    private static func slot(_ slot: Int) -> Chain {
        let key: [Field] = [.destinationAddress, .transportProtocol, .destinationPort]
        return Chain(named: ChainName("slot-\(slot)"), rules: [Rule(.dnat(key, SetName("endpoints-\(slot)")))])
    }

    private static let table: Table = {
        let slots = [slot(0), slot(1)]
        let entry = Chain(
            named: ChainName("nat-prerouting"), base: BaseChain(.nat, .prerouting, priority: -100),
            rules: [Rule(.numgen(slots.map { .goto($0.name) }))])
        return Table(
            TableName(.ipv4, "ferrule"), sets: [endpoints(0, [1, 2]), endpoints(1, [1, 2])], chains: slots + [entry])
    }()

    private static func digest(_ change: (inout Table) -> Void = { _ in }) -> RulesetDigest {
        var table = table
        change(&table)
        return RulesetDigest(
            of: Ruleset(tables: [table], summary: Summary()))
    }

    @Test("Order, sizes, the record, slots of endpoints and empty leftovers do not count")
    func equal() {
        let expected = Self.digest()
        #expect(Self.digest { $0.chains.reverse() } == expected)
        #expect(Self.digest { $0.sets.reverse() } == expected)
        #expect(Self.digest { $0.sets[0].size = 4096 } == expected)
        #expect(Self.digest { $0.chains.append(Chain(.record, rules: [])) } == expected)
        #expect(
            Self.digest { $0.chains.append(Chain(named: ChainName("lb-7"), rules: [Rule(.verdict(.drop))])) }
                == expected)
        #expect(Self.digest { $0.sets.append(Self.endpoints(2, [])) } == expected)
        #expect(
            Self.digest { table in
                let elements = (table.sets[0].elements, table.sets[1].elements)
                table.sets[0].elements = [elements.1[0], elements.0[1]]
                table.sets[1].elements = [elements.0[0], elements.1[1]]
            } == expected)
    }

    /// Two services of two parts each, with endpoints in two slots.
    private static func parts(_ change: (inout Table) -> Void = { _ in }) -> RulesetDigest {
        digest { table in
            let keys = table.sets[0].elements.map(\.key)
            var slots = [endpoints(0, []), endpoints(1, [])]
            for part in 0..<2 {
                let addresses = keys.indices.map { IPAddress(ipv4: UInt32(10 * part + $0 + 1)) }
                table.sets.append(
                    SetDefinition(
                        named: SetName("parts-\(part)"), key: table.sets[0].keyType, value: .data([.address]),
                        elements: zip(keys, addresses).map { Element($0, .data(.address($1))) }))
                for slot in slots.indices {
                    slots[slot].elements += zip(keys, addresses).compactMap { key, address in
                        let number = 100 * (address.ipv4Bits % 10) + UInt32(2 * part + slot)
                        guard let port = key.service?.port else { return nil }
                        return Element(
                            key.ofPart(address), .data(.endpoint(IPAddress(ipv4: 0x0af4_0000 + number), port)))
                    }
                }
                let key: [Field] = [.destinationAddress, .transportProtocol, .destinationPort]
                table.chains.insert(
                    Chain(
                        named: ChainName("part-\(part)-2"),
                        rules: [Rule(.setDestination(key, SetName("parts-\(part)")), .verdict(.drop))]), at: 0)
                table.chains[table.chains.count - 1].rules.append(
                    Rule(.verdict(.goto(ChainName("part-\(part)-2")))))
            }
            for slot in slots.indices { table.sets[slot].elements += slots[slot].elements }
            change(&table)
        }
    }

    @Test("In which part and slot an endpoint stands, and at which address a part, do not count; the service does")
    func partsOfServices() {
        let expected = Self.parts()
        func exchanged(_ one: (slot: Int, position: Int), _ other: (slot: Int, position: Int)) -> RulesetDigest {
            Self.parts { table in
                let elements = (
                    table.sets[one.slot].elements[one.position], table.sets[other.slot].elements[other.position]
                )
                table.sets[one.slot].elements[one.position] = Element(elements.0.key, elements.1.value)
                table.sets[other.slot].elements[other.position] = Element(elements.1.key, elements.0.value)
            }
        }
        // From 2 on: the first service's part 0, the second's, part 1 of the first, of the second.
        #expect(exchanged((0, 2), (1, 2)) == expected)
        #expect(exchanged((0, 2), (0, 4)) == expected)
        #expect(exchanged((0, 3), (1, 5)) == expected)
        #expect(exchanged((0, 2), (0, 3)) != expected)
        #expect(exchanged((0, 2), (1, 5)) != expected)
        #expect(exchanged((0, 2), (0, 0)) != expected)
        let moved = IPAddress(ipv4: 99)
        #expect(
            Self.parts { table in
                let service = table.sets[2].elements[0].key
                table.sets[2].elements[0] = Element(service, .data(.address(moved)))
                for slot in 0..<2 {
                    table.sets[slot].elements[2] = Element(
                        service.ofPart(moved), table.sets[slot].elements[2].value)
                }
            } == expected)
        // A part without endpoints, and endpoints without a part.
        #expect(
            Self.parts { $0.sets[2].elements[0] = Element($0.sets[2].elements[0].key, .data(.address(moved))) }
                != expected)
        #expect(
            Self.parts {
                $0.sets[2].elements[0] = Element($0.sets[2].elements[0].key, $0.sets[2].elements[1].value)
            } != expected)
        #expect(Self.parts { $0.sets[2].elements.removeLast() } != expected)
        #expect(Self.parts { $0.sets[0].elements.removeLast() } != expected)
        #expect(
            Self.parts { table in
                let set = table.sets[2]
                table.sets[2] = SetDefinition(
                    named: SetName("local-parts-0"), key: set.keyType, value: set.valueType, elements: set.elements)
            } != expected)
    }

    @Test("Rules, elements, comments, hooks and objects of others count")
    func different() {
        let expected = Self.digest()
        #expect(Self.digest { $0.chains[0].rules.append(Rule(.verdict(.drop))) } != expected)
        #expect(Self.digest { $0.chains[0].foreignRules.append(ForeignRule("counter", at: 1)) } != expected)
        #expect(Self.digest { $0.sets[0].elements.removeLast() } != expected)
        #expect(Self.digest { $0.sets.append(Self.endpoints(2, [1])) } != expected)
        #expect(Self.digest { $0.chains[2].base = BaseChain(.nat, .prerouting, priority: -99) } != expected)
        #expect(
            Self.digest { table in
                table.chains[2].base = BaseChain(.nat, .prerouting, priority: -100, policy: .drop)
            } != expected)
        #expect(Self.digest { $0.chains.append(Chain(named: ChainName("mine"), rules: [])) } != expected)
        // A rule that leads to what Ferrule never makes, in a chain that is left over; and one in the chain of the record.
        let jump = Rule(.verdict(.jump(ChainName("mine"))))
        #expect(Self.digest { $0.chains.append(Chain(named: ChainName("lb-7"), rules: [jump])) } != expected)
        #expect(Self.digest { $0.chains.append(Chain(.record, rules: [Rule(.verdict(.drop))])) } != expected)
        #expect(Self.digest { $0.foreign.append(.set(SetName("theirs"))) } != expected)
        #expect(
            Self.digest { table in
                let first = table.sets[0].elements[0]
                table.sets[0].elements[0] = Element(first.key, first.value, comment: "shop/web")
            } != expected)
    }

    @Test("Endpoints that two services have exchanged count")
    func exchanged() {
        let services = Self.endpoints(0, Array(1...50)).elements
        func digest(_ values: [ElementValue]) -> RulesetDigest {
            Self.digest { $0.sets[0].elements = zip(services, values).map { Element($0.key, $1) } }
        }
        let values = (1...50).flatMap { Self.endpoints($0, [1]).elements.map(\.value) }
        for other in 1..<50 {
            var exchanged = values
            exchanged.swapAt(0, other)
            #expect(digest(exchanged) != digest(values))
        }
    }

    @Test("The digest of a ruleset is the same on every machine and in every run")
    func stable() {
        #expect(Self.digest().description == "328940d735e3739c0b214ee43a696b55")
    }

    @Test("The record holds the digest, and is read without one")
    func record() throws {
        var provenance = Provenance(
            version: "1.22.333", appliedAt: 1_700_000_000, summary: Summary(), node: "node-a.example.org")
        provenance.digest = Self.digest().description
        let table = TableName.ferrule(.ipv4)
        let record = provenance.record(of: table)
        #expect(record.utf8.count < 200)
        #expect(Provenance(record: record, of: table) == provenance)
        let old = "version=0.1.0 applied=1 services=2 endpoints=3 headless=4 external-names=5"
        #expect(try #require(Provenance(record: old, of: table)).record(of: table) == old)
        // A digest that was made in another way must not be compared.
        for key in ["digest", "hash"] {
            #expect(Provenance(record: old + " \(key)=a80c057f25aed9b27cb5ee9bca7f275d", of: table)?.digest == nil)
        }
    }
}
