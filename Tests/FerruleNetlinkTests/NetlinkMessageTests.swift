// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import Testing

@testable import FerruleNetlink

struct NetlinkMessageTests {
    @Test("messages of a datagram are told apart, each with its header")
    func split() throws {
        let datagram =
            Bytes.message(type: 0x0a01, flags: 2, sequence: 7, port: 9, [1, 2, 3, 4, 5])
            + Bytes.message(type: 3, flags: 0x12, sequence: 8, port: 10, [6, 0, 0, 0])
        let messages = try NetlinkMessage.split(datagram)
        try #require(messages.count == 2)
        #expect(messages.map(\.type) == [0x0a01, 3] && messages.map(\.flags) == [2, 0x12])
        #expect(messages.map(\.sequence) == [7, 8])
        // The padding belongs to no message.
        #expect(messages[0].bytes.count == 21 && messages[1].bytes.count == 20)
        #expect(messages[1].bytes.startIndex == 24)
    }

    @Test(
        "what does not hold a whole message is none, and a datagram that ends so was cut short",
        arguments: [
            [20, 0, 0, 0], Bytes.message(type: 1, [1, 2, 3, 4]).dropLast(),
            Bytes.number(UInt32(15)) + [UInt8](repeating: 0, count: 20),
            Bytes.number(UInt32.max) + [UInt8](repeating: 0, count: 20),
        ] as [[UInt8]])
    func incomplete(bytes: [UInt8]) throws {
        #expect(NetlinkMessage(startOf: bytes[...]) == nil)
        let whole = Bytes.message(type: 5, [1, 2, 3, 4])
        #expect(throws: NetlinkError.self) { try NetlinkMessage.split(whole + bytes) }
        #expect(try NetlinkMessage.split(whole).map(\.type) == [5])
    }

    @Test("attributes are walked through, with their padding, nesting and flags")
    func attributes() throws {
        let inner = Bytes.attribute(1, [0xff]) + Bytes.attribute(0x4002, Bytes.networkNumber(UInt16(0x0102)))
        let bytes = Bytes.message(
            type: 1,
            Bytes.familyHeader() + Bytes.attribute(1, Bytes.text("ferrule")) + Bytes.nest(4, inner)
                + Bytes.attribute(6, []))
        // Not at the start of its array, as in a datagram.
        let message = try #require(try NetlinkMessage.split(Bytes.message(type: 2) + bytes).last)
        let attributes = Array(message.attributes)
        #expect(attributes.map(\.type) == [1, 4, 6])
        #expect(message.text(1) == "ferrule" && message.text(6) == "" && message.text(9) == nil)
        #expect(attributes[2].value(in: message.bytes).isEmpty)
        let parts = Array(attributes[1].nested(in: message))
        #expect(parts.map(\.type) == [1, 2])
        #expect(parts.map { Array($0.value(in: message.bytes)) } == [[0xff], [1, 2]])
        #expect(parts[1].number(in: message) == 0x0102)
    }

    @Test(
        "an attribute that claims more room than there is ends the list",
        arguments: [[3, 0, 1, 0], [0, 0, 1, 0], [9, 0, 1, 0, 1, 2, 3, 4], [0xff, 0xff, 1, 0], [8, 0]] as [[UInt8]])
    func overlong(rest: [UInt8]) throws {
        let start = Bytes.familyHeader() + Bytes.attribute(5, [1])
        let message = try #require(NetlinkMessage(startOf: Bytes.message(type: 1, start + rest)[...]))
        #expect(message.attributes.map(\.type) == [5])
        // A nested list ends with the attribute that it stands in, though the message goes on.
        let nest =
            Bytes.familyHeader() + Bytes.nest(1, Bytes.attribute(2, [1]) + rest) + Bytes.attribute(3, [1, 2, 3, 4])
        let nesting = try #require(NetlinkMessage(startOf: Bytes.message(type: 1, nest)[...]))
        let list = try #require(nesting.attributes.first { $0.type == 1 })
        #expect(list.nested(in: nesting).map(\.type) == [2])
    }

    @Test("damaged messages are read to some end", arguments: 1...20)
    func damage(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let whole =
            Bytes.message(
                type: 0x0a0c,
                Bytes.familyHeader()
                    + Bytes.nest(3, Bytes.nest(1, Bytes.nest(1, Bytes.attribute(1, [10, 96, 0, 1])))))
            + Bytes.message(type: 2, Bytes.number(Int32(-2)) + [UInt8](repeating: 1, count: 16))
        for _ in 0..<500 {
            var bytes = whole
            for _ in 0..<3 {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            var datagram = bytes[...]
            while let message = NetlinkMessage(startOf: datagram) {
                datagram = datagram.dropFirst(message.bytes.count)
                var rest = Array(message.attributes)
                while let attribute = rest.popLast() {
                    let value = attribute.value(in: message.bytes)
                    #expect(value.startIndex >= message.bytes.startIndex && value.endIndex <= message.bytes.endIndex)
                    rest += attribute.nested(in: message)
                }
            }
        }
    }
}
