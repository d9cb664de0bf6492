// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import Testing

@testable import FerruleNetlink

/// Connections as the kernel lists them (`linux/netfilter/nfnetlink_conntrack.h`).
struct ConntrackMessageTests {
    /// `CTA_TUPLE_IP` and `CTA_TUPLE_PROTO` of one direction, in IPv4.
    private func tuple(
        _ type: UInt16, _ source: [UInt8], _ destination: [UInt8], _ ports: (UInt16, UInt16), number: UInt8 = 17
    ) -> [UInt8] {
        let addresses = Bytes.attribute(1, source) + Bytes.attribute(2, destination)
        let transport =
            Bytes.attribute(1, [number]) + Bytes.attribute(2, Bytes.networkNumber(ports.0))
            + Bytes.attribute(3, Bytes.networkNumber(ports.1))
        return Bytes.nest(type, Bytes.nest(1, addresses) + Bytes.nest(2, transport))
    }

    private static let client: [UInt8] = [10, 244, 0, 7]
    private static let service: [UInt8] = [10, 96, 0, 10]
    private static let pod: [UInt8] = [10, 244, 1, 6]

    private func message(_ attributes: [UInt8]...) throws -> NetlinkMessage {
        let bytes = Bytes.message(type: 0x100, Bytes.familyHeader() + attributes.flatMap(\.self))
        return try #require(NetlinkMessage(startOf: bytes[...]))
    }

    private func status(_ bits: UInt32) -> [UInt8] { Bytes.attribute(3, Bytes.networkNumber(bits)) }

    private func target(_ address: String, _ port: Int) throws -> Endpoint {
        Endpoint(try #require(IPAddress(address)), try #require(Port(port)))
    }

    @Test("who asks whom, who answers, and whether anybody has", arguments: [6, 17, 132] as [UInt8], [true, false])
    func flow(number: UInt8, isAnswered: Bool) throws {
        // `IPS_CONFIRMED` and `IPS_DST_NAT`, and perhaps `IPS_SEEN_REPLY`.
        let message = try message(
            tuple(1, Self.client, Self.service, (41_000, 53), number: number),
            tuple(2, Self.pod, Self.client, (5353, 41_000), number: number), status(0x28 | (isAnswered ? 2 : 0)))
        let flow = try #require(ConntrackMessage.flow(message, .ipv4))
        #expect(flow.transport.rawValue == number)
        #expect(flow.source == IPAddress("10.244.0.7"))
        #expect(try flow.destination == target("10.96.0.10", 53))
        #expect(try flow.responder == target("10.244.1.6", 5353))
        #expect(flow.isAnswered == isAnswered && flow.isDNAT)
    }

    @Test("in IPv6")
    func flowOfIPv6() throws {
        func tuple(_ type: UInt16, _ source: UInt8, _ destination: UInt8) -> [UInt8] {
            let prefix: [UInt8] = [0xfd, 0] + [UInt8](repeating: 0, count: 13)
            let addresses = Bytes.attribute(3, prefix + [source]) + Bytes.attribute(4, prefix + [destination])
            let transport =
                Bytes.attribute(1, [6]) + Bytes.attribute(2, Bytes.networkNumber(UInt16(source)))
                + Bytes.attribute(3, Bytes.networkNumber(UInt16(destination)))
            return Bytes.nest(type, Bytes.nest(1, addresses) + Bytes.nest(2, transport))
        }
        let flow = try #require(ConntrackMessage.flow(try message(tuple(1, 1, 2), tuple(2, 2, 1)), .ipv6))
        #expect(try flow.destination == target("fd00::2", 2))
        #expect(try flow.responder == target("fd00::2", 2))
        #expect(!flow.isDNAT && !flow.isAnswered)
        #expect(ConntrackMessage.flow(try message(tuple(1, 1, 2), tuple(2, 2, 1)), .ipv4) == nil)
    }

    @Test("other protocols, and what is cut short, are none")
    func others() throws {
        let original = tuple(1, Self.client, Self.service, (41_000, 53))
        let reply = tuple(2, Self.pod, Self.client, (53, 41_000))
        #expect(ConntrackMessage.flow(try message(original, reply), .ipv4) != nil)
        for parts in [
            [original], [reply], [], [original, Array(reply.prefix(12))],
            [tuple(1, Self.client, Self.service, (8, 0), number: 1), reply],
            [tuple(1, [10, 244], Self.service, (1, 2)), reply],
        ] {
            #expect(ConntrackMessage.flow(try message(parts.flatMap(\.self)), .ipv4) == nil)
        }
    }

    @Test("a deletion names the entry alone: its first direction, zone and number")
    func deletion() throws {
        let original = tuple(1, Self.client, Self.service, (41_000, 53))
        let (zone, number) = (Bytes.attribute(18, [0, 9]), Bytes.attribute(12, [1, 2, 3, 4]))
        let entry = try message(
            original, tuple(2, Self.pod, Self.client, (53, 41_000)), status(8), Bytes.attribute(7, [0, 0, 0, 30]),
            number,
            zone)
        let deletion = try #require(NetlinkMessage(startOf: ConntrackMessage.deletion(of: entry, .ipv4)[...]))
        #expect(deletion.type == 0x102)
        #expect(deletion.attributes.map(\.type) == [1, 12, 18])
        #expect(Array(deletion.bytes.dropFirst(20)) == original + number + zone)
    }
}
