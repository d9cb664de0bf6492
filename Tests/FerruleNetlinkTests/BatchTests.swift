// SPDX-License-Identifier: Apache-2.0

import CNetfilter
import FerruleNetwork
import FerruleRuleset
import Testing

@testable import FerruleNetlink

/// The messages of large transactions, which are made on several processors.
struct BatchTests {
    @Test("the elements of a large set follow each other, between what stands before and after them")
    func largeSet() throws {
        let table = TableName(.ipv4, "ferrule")
        let elements = (0..<10_000).map { Element(.address(IPAddress(ipv4: 0x0a60_0000 + UInt32($0)))) }
        let set = SetDefinition(.clusterIPs, key: [.address], size: 16_384, elements: elements)
        let operations: [FerruleRuleset.Operation] = [
            .addTable(table), .addSet(table, set), .addElements(table, set),
            .addChain(table, Chain(named: ChainName("lb-1"), rules: []), nil),
        ]
        let batch = try BatchEncoder.encode(Transaction(operations))

        let messages = try NetlinkMessage.split(batch.bytes)
        #expect(messages.map(\.sequence) == (0..<UInt32(messages.count)).map { Batch.firstSequence + $0 })
        // One begins and one ends the batch.
        #expect(batch.messages.count == messages.count - 2)
        for (number, message) in batch.messages.enumerated() {
            #expect(batch.message(sequence: Batch.firstSequence + 1 + UInt32(number)) == message)
        }
        let operationOfMessages = batch.messages.map(\.subject)
        #expect(operationOfMessages.first == .operation(0) && operationOfMessages.last == .operation(3))
        let lists = batch.messages.filter { $0.subject == .operation(2) }
        #expect(lists.count > 2)
        #expect(lists.first?.firstElement == 0)
        let found = messages.filter { $0.type & 0xff == UInt16(NFT_MSG_NEWSETELEM.rawValue) }
            .flatMap { message -> [UInt32] in keys(of: message) }
        #expect(found == elements.compactMap { $0.key.address?.ipv4Bits })
    }

    /// The keys of a message's elements, as numbers.
    private func keys(of message: NetlinkMessage) -> [UInt32] {
        message.attributes.filter { $0.type == Int(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) }
            .flatMap { Array($0.nested(in: message)) }
            .compactMap { element in
                element.nested(in: message).first { $0.type == Int(NFTA_SET_ELEM_KEY.rawValue) }
            }
            .compactMap { key in key.nested(in: message).first { $0.type == Int(NFTA_DATA_VALUE.rawValue) } }
            .map { $0.value(in: message.bytes).reduce(0) { $0 << 8 | UInt32($1) } }
    }
}
