// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import FerruleTestSupport
import Testing

struct ConcatenationTests {
    typealias Value = Concatenation.Value

    /// What a value may be; addresses and ranges of either family.
    enum Kind: CaseIterable {
        case ipv4, ipv6, transport, port, ipv4Range, ipv6Range

        /// Few values, so that concatenations are equal or differ in one value only.
        func value(_ random: inout SeededGenerator) throws -> Value {
            let family = self == .ipv4 || self == .ipv4Range ? IPFamily.ipv4 : .ipv6
            let high = UInt128(random.next() % 3) << (family == .ipv4 ? 24 : 120)
            let address = IPAddress(family, bits: high | UInt128(random.next() % 4))
            switch self {
            case .ipv4, .ipv6: return .address(address)
            case .transport: return .transportProtocol(TransportProtocol.allCases[Int(random.next() % 3)])
            case .port: return .port(try #require(Port([1, 80, 65_535][Int(random.next() % 3)])))
            case .ipv4Range, .ipv6Range:
                let length = [8, family.addressBits][Int(random.next() % 2)]
                return .prefix(try #require(Prefix(address, length: length)))
            }
        }
    }

    /// All of up to three values, and some longer ones.
    static let forms: [[Kind]] = {
        let one = Kind.allCases.map { [$0] }
        let two = one.flatMap { form in Kind.allCases.map { form + [$0] } }
        let three = two.flatMap { form in Kind.allCases.map { form + [$0] } }
        let longer: [[Kind]] = [
            [.ipv4, .transport, .port, .ipv4Range], [.ipv6, .transport, .port, .ipv6Range],
            [.transport, .transport, .transport, .transport, .transport], Array(repeating: .ipv6, count: 4),
        ]
        return one + two + three + longer
    }()

    private func values(_ form: [Kind], _ count: Int, seed: UInt64 = 7) throws -> [[Value]] {
        var random = SeededGenerator(seed: seed)
        return try (0..<count).map { _ in try form.map { try $0.value(&random) } }
    }

    @Test("The values come out as they went in, and tell concatenations apart")
    func roundTrip() throws {
        for form in Self.forms {
            for values in try values(form, 20) {
                let whole = Concatenation(values)
                #expect(Array(whole.values) == values)
                for length in 0..<values.count { #expect(Concatenation(values.prefix(length)) != whole) }
            }
            let values = try values(form, 20)
            for (one, other) in zip(values, values.dropFirst()) {
                #expect((Concatenation(one) == Concatenation(other)) == (one == other))
            }
        }
    }

    @Test("Values of other kinds make another concatenation, though their bytes are the same")
    func kinds() throws {
        let (tcp, port) = (TransportProtocol.tcp, try #require(Port(80)))
        #expect(Concatenation([.address(IPAddress(ipv4: 0x0600_0050))]) != .port(tcp, port))
        let zeros = IPAddress(.ipv6, bits: 0)
        #expect(Concatenation.address(zeros) != .address(IPAddress(ipv4: 0)))
        #expect(Array(Concatenation().values) == [])
    }

    @Test("The order is that of the values from left to right")
    func order() throws {
        for form in Self.forms {
            for pair in zip(try values(form, 40), try values(form, 40, seed: 8)) {
                #expect((Concatenation(pair.0) < Concatenation(pair.1)) == isBefore(pair.0, pair.1), "\(pair)")
            }
        }
    }

    private func isBefore(_ left: [Value], _ right: [Value]) -> Bool {
        guard let (one, other) = zip(left, right).first(where: { $0 != $1 }) else { return false }
        switch (one, other) {
        case (.address(let one), .address(let other)): return one < other
        case (.transportProtocol(let one), .transportProtocol(let other)): return one.rawValue < other.rawValue
        case (.port(let one), .port(let other)): return one < other
        case (.prefix(let one), .prefix(let other)): return one < other
        default: return false
        }
    }

    @Test("Positions are those of a stable sort")
    func positions() throws {
        for form in Self.forms {
            let keys = try values(form, 100).map { Concatenation($0) }
            let expected = keys.indices.sorted { keys[$0] == keys[$1] ? $0 < $1 : keys[$0] < keys[$1] }
            #expect(keys.ascendingPositions == expected, "\(form)")
        }
    }

    @Test("Each form is taken apart as it was made, and as no other")
    func takenApart() throws {
        for family in IPFamily.allCases {
            let address = IPAddress(family, bits: 0x0a60_0001)
            let (port, range) = (try #require(Port(443)), Prefix(address))
            let service = Concatenation.service(address, .tcp, port)
            #expect(service.service.map { $0 == (address, .tcp, port) } == true)
            #expect(service.port == nil && service.serviceSource == nil && service.endpoint == nil)
            let source = Concatenation.serviceSource(address, .tcp, port, range)
            #expect(source.serviceSource.map { $0 == (service, range) } == true && source.service == nil)
            #expect(Concatenation.endpoint(address, port).endpoint == Endpoint(address, port))
            #expect(Concatenation.port(.udp, port).port.map { $0 == (.udp, port) } == true)
            #expect(Concatenation.address(address).address == address && Concatenation.hairpin(address).address == nil)
            #expect(Concatenation.prefix(range).prefix == range && Concatenation.prefix(range).address == nil)
        }
    }
}
