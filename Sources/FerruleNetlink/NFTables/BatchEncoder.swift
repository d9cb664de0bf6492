// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleParallel
package import FerruleRuleset

/// Encodes a transaction as one nf_tables batch (`NFNL_MSG_BATCH_BEGIN` … `NFNL_MSG_BATCH_END`).
///
/// Sets and chains are made anew or not at all (`NLM_F_EXCL`): what somebody else has made under the name meanwhile would
/// become a part of the ruleset otherwise.
package struct BatchEncoder {
    private var batch = Batch()
    private var sequence = Batch.firstSequence
    /// Named and anonymous sets share the numbers by which messages of a batch refer to sets.
    private var lastSetID: UInt32 = 0
    private var setIDs: [SetKey: UInt32] = [:]
    private var subject = Batch.Subject.binding
    /// What stands before the messages of ``batch``, as soon as there is a large list of elements.
    private var pieces: [Piece] = []
    private let lastMessageFlags = UInt16(NLM_F_ACK)
    /// Where a message is built: libnftnl does not check the room.
    private var scratch: [UInt8]

    private struct SetKey: Hashable {
        let table: TableName
        let set: SetName
    }

    /// Messages in a row.
    private enum Piece: Sendable {
        case made(Batch)
        /// Those that add some of the elements of a set, which are made while others are.
        case elements(TableName, SetDefinition, Range<Int>, setID: UInt32, Batch.Subject)
    }

    /// How many elements are worth another processor.
    private static let elementsOfPiece = 4096

    /// The largest message has a list of elements of 64 KiB, and up to one element beyond before that is taken back.
    private static let messageCapacity = 128 * 1024

    private init(room: Int) { scratch = [UInt8](repeating: 0, count: room) }

    /// Throws ``NetlinkError/libraryRefused(_:)`` when libnftnl has no memory.
    ///
    /// - Parameters:
    ///   - binding: what must still be so, else the kernel refuses the batch: by ERESTART where the ruleset has another number,
    ///     by ENOENT where a claim is gone.
    ///   - claim: is made by the batch.
    package static func encode(
        _ transaction: Transaction, bound binding: Binding = Binding(), leaving claim: Claim? = nil
    ) throws(NetlinkError) -> Batch {
        var encoder = BatchEncoder(room: messageCapacity)
        let length = 64 * 1024 + transaction.operations.reduce(0) { $0 + $1.likelyLength }
        unsafe encoder.appendFrame { buffer, sequence in
            let header = unsafe nftnl_batch_begin(buffer, sequence)
            if let header = unsafe header, let generation = binding.generation {
                unsafe mnl_attr_put_u32(header, UInt16(NFNL_BATCH_GENID.rawValue), generation.bigEndian)
            }
            return unsafe header
        }
        for claim in binding.claims { try encoder.append(.deleteChain(claim.table, claim.chain)) }
        for (index, operation) in transaction.operations.enumerated() {
            encoder.subject = .operation(index)
            try encoder.append(operation)
        }
        encoder.subject = .claim
        if let claim { try encoder.append(.addChain(claim.table, Chain(named: claim.chain, rules: []))) }
        try encoder.joinPieces(length)
        encoder.askForAcknowledgement()
        encoder.batch.endOffset = encoder.batch.bytes.count
        unsafe encoder.appendFrame { buffer, sequence in unsafe nftnl_batch_end(buffer, sequence) }
        return encoder.batch
    }

    private mutating func append(_ operation: Operation) throws(NetlinkError) {
        switch operation {
        case .addTable(let table):
            let handle = try TableHandle.named(table)
            appendMessage(NFT_MSG_NEWTABLE, table, NLM_F_CREATE) { handle.write(to: $0) }
        case .deleteTable(let table):
            let handle = try TableHandle.named(table)
            appendMessage(NFT_MSG_DELTABLE, table, 0) { handle.write(to: $0) }
        case .addSet(let table, let set):
            let handle = try SetHandle.named(set.name.description, id: nextSetID(), in: table)
            setIDs[SetKey(table: table, set: set.name)] = lastSetID
            try declare(set, in: table, handle)
            appendMessage(NFT_MSG_NEWSET, table, NLM_F_CREATE | NLM_F_EXCL) { handle.writeDeclaration(to: $0) }
        case .addElements(let table, let set):
            let id = setIDs[SetKey(table: table, set: set.name)] ?? 0
            guard set.elements.count > BatchEncoder.elementsOfPiece, !set.isInterval else {
                return try append(set, set.elements.indices, id, in: table)
            }
            pieces.append(.made(batch))
            for start in stride(from: 0, to: set.elements.count, by: BatchEncoder.elementsOfPiece) {
                let end = min(start + BatchEncoder.elementsOfPiece, set.elements.count)
                pieces.append(.elements(table, set, start..<end, setID: id, subject))
            }
            batch = Batch()
        case .deleteElements(let table, let set):
            let handle = try SetHandle.named(set.name.description, id: 0, in: table)
            let elements = ElementEncoder(set, in: table.family, keysOnly: true)
            try append(elements, of: handle, in: table, NFT_MSG_DELSETELEM, 0)
        case .flushSet(let table, let set):
            let handle = try SetHandle.named(set.description, id: 0, in: table)
            appendMessage(NFT_MSG_DELSETELEM, table, 0) { handle.writeElementRequest(to: $0) }
        case .deleteSet(let table, let set):
            let handle = try SetHandle.named(set.description, id: 0, in: table)
            appendMessage(NFT_MSG_DELSET, table, 0) { handle.writeDeclaration(to: $0) }
        case .addChain(let table, let chain, let provenance):
            let handle = try ChainHandle.declaring(chain, in: table)
            if let provenance { try handle.setUserData(UserData.record(provenance.record(of: table))) }
            appendMessage(NFT_MSG_NEWCHAIN, table, NLM_F_CREATE | NLM_F_EXCL) { handle.write(to: $0) }
        case .flushChain(let table, let chain):
            let handle = try RuleHandle.appended(to: chain, in: table)
            appendMessage(NFT_MSG_DELRULE, table, 0) { handle.write(to: $0) }
        case .deleteChain(let table, let chain):
            let handle = try ChainHandle.declaring(Chain(named: chain, rules: []), in: table)
            appendMessage(NFT_MSG_DELCHAIN, table, 0) { handle.write(to: $0) }
        case .addRule(let table, let chain, let rule):
            try append(rule, to: chain, in: table)
        }
    }

    /// Makes the large lists, on all processors, and puts them between the messages before and after them.
    ///
    /// - Parameter length: about how many bytes it comes to.
    private mutating func joinPieces(_ length: Int) throws(NetlinkError) {
        guard !pieces.isEmpty else { return }
        let pieces = pieces + [.made(batch)]
        var joined = Batch()
        joined.bytes.reserveCapacity(length)
        batch = try parallelReduce(count: pieces.count, into: joined) { number throws(NetlinkError) in
            switch pieces[number] {
            case .made(let batch): return batch
            case .elements(let table, let set, let positions, let id, let subject):
                var encoder = BatchEncoder(room: BatchEncoder.messageCapacity)
                encoder.subject = subject
                try encoder.append(set, positions, id, in: table)
                return encoder.batch
            }
        } take: { joined, piece in
            joined.append(piece)
        }
        sequence = Batch.firstSequence + 1 + UInt32(batch.messages.count)
    }

    /// The elements of a set at some positions.
    private mutating func append(
        _ set: SetDefinition, _ positions: Range<Int>, _ id: UInt32, in table: TableName
    ) throws(NetlinkError) {
        let handle = try SetHandle.named(set.name.description, id: id, in: table)
        try append(ElementEncoder(set, positions, in: table.family), of: handle, in: table)
    }

    private func declare(_ set: SetDefinition, in table: TableName, _ handle: borrowing SetHandle) throws(NetlinkError)
    {
        let family = table.family
        var flags = set.kernelFlags
        if set.isInterval, set.keyType.count > 1 {
            // A range over several fields: the kernel must know where one field ends.
            try handle.setFieldLengths(set.keyType.map { $0.unpaddedLength(family) })
        }
        handle.set(NFTNL_SET_KEY_TYPE, set.keyType.nftNumber(family))
        handle.set(NFTNL_SET_KEY_LEN, set.keyType.length(family))
        switch set.valueType {
        case .verdict:
            flags |= UInt32(NFT_SET_MAP.rawValue)
            handle.set(NFTNL_SET_DATA_TYPE, UInt32(NFT_DATA_VERDICT.rawValue))
            handle.set(NFTNL_SET_DATA_LEN, VerdictMap.dataLength)
        case .data(let type):
            flags |= UInt32(NFT_SET_MAP.rawValue)
            handle.set(NFTNL_SET_DATA_TYPE, type.nftNumber(family))
            handle.set(NFTNL_SET_DATA_LEN, type.length(family))
        case nil: break
        }
        handle.set(NFTNL_SET_FLAGS, flags)
        if let size = set.size { handle.set(NFTNL_SET_DESC_SIZE, UInt32(size)) }
    }

    /// A rule; the anonymous maps that it looks up travel ahead of it.
    private mutating func append(_ rule: Rule, to chain: ChainName, in table: TableName) throws(NetlinkError) {
        let handle = try RuleHandle.appended(to: chain, in: table)
        for expression in Lowering(table.family).expressions(of: rule) {
            var set = SetReference(name: "", id: 0)
            switch expression {
            case .lookup(let name, _, _), .lookupData(let name, _, _), .lookupVerdict(let name, _),
                .updateElement(let name, _, _, _):
                set = SetReference(name: name.description, id: setIDs[SetKey(table: table, set: name)] ?? 0)
            case .lookupAnonymousVerdict(let verdicts, _):
                set = SetReference(name: AnonymousMap.name, id: nextSetID())
                try appendAnonymousMap(verdicts, set, in: table)
            default: break
            }
            handle.add(try ExpressionEncoder(table.family).handle(of: expression, set))
        }
        appendMessage(NFT_MSG_NEWRULE, table, NLM_F_CREATE | NLM_F_APPEND) { handle.write(to: $0) }
    }

    private mutating func appendAnonymousMap(
        _ verdicts: [Verdict], _ set: SetReference, in table: TableName
    ) throws(NetlinkError) {
        let handle = try SetHandle.named(set.name, id: set.id, in: table)
        handle.set(NFTNL_SET_FLAGS, AnonymousMap.flags)
        handle.set(NFTNL_SET_KEY_TYPE, AnonymousMap.keyType)
        handle.set(NFTNL_SET_KEY_LEN, 4)
        handle.set(NFTNL_SET_DATA_TYPE, UInt32(NFT_DATA_VERDICT.rawValue))
        handle.set(NFTNL_SET_DATA_LEN, VerdictMap.dataLength)
        handle.set(NFTNL_SET_DESC_SIZE, UInt32(verdicts.count))
        try handle.setUserData(UserData.hostOrderKey)
        appendMessage(NFT_MSG_NEWSET, table, NLM_F_CREATE) { handle.writeDeclaration(to: $0) }
        try append(ElementEncoder(verdicts), of: handle, in: table)
    }

    /// Elements of a set, as many messages as it takes.
    private mutating func append(
        _ elements: ElementEncoder, of set: borrowing SetHandle, in table: TableName,
        _ type: nf_tables_msg_types = NFT_MSG_NEWSETELEM, _ flags: Int32 = NLM_F_CREATE
    ) throws(NetlinkError) {
        var elements = elements
        var next = elements.positions.lowerBound
        var problem: NetlinkError?
        repeat {
            appendMessage(type, table, flags, firstElement: next) { header in
                set.writeElementRequest(to: header)
                do throws(NetlinkError) {
                    next = try header.writeElementList(of: &elements, from: next)
                } catch {
                    problem = error
                }
            }
            if let problem { throw problem }
        } while next < elements.positions.upperBound
    }

    private mutating func nextSetID() -> UInt32 {
        lastSetID += 1
        return lastSetID
    }

    /// Appends a message of the nf_tables subsystem; `write` adds what follows the header.
    private mutating func appendMessage(
        _ type: nf_tables_msg_types, _ table: TableName, _ flags: Int32, firstElement: Int = 0,
        _ write: (MessageHeader) -> Void
    ) {
        batch.messages.append(
            Batch.Message(offset: batch.bytes.count, subject: subject, firstElement: firstElement))
        unsafe appendFrame { buffer, sequence in
            let header = unsafe nftnl_nlmsg_build_hdr(
                buffer, UInt16(type.rawValue), table.family.netfilterNumber, UInt16(flags), sequence)
            if let header = unsafe header { unsafe write(MessageHeader(header)) }
            return unsafe header
        }
    }

    /// Builds a message and appends it.
    private mutating func appendFrame(
        _ build: (UnsafeMutablePointer<CChar>, UInt32) -> UnsafeMutablePointer<nlmsghdr>?
    ) {
        let number = sequence
        sequence += 1
        unsafe scratch.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress,
                let header = unsafe build(start.assumingMemoryBound(to: CChar.self), number)
            else { return }
            let count = Int(unsafe header.pointee.nlmsg_len)
            unsafe batch.bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
        }
    }

    /// The last message alone is acknowledged: its acknowledgement says that all others were accepted too.
    private mutating func askForAcknowledgement() {
        guard let last = batch.messages.last else { return }
        let flags = last.offset + 6
        batch.bytes[flags] |= UInt8(truncatingIfNeeded: lastMessageFlags)
    }
}

extension Operation {
    /// About how many bytes its messages take.
    fileprivate var likelyLength: Int {
        switch self {
        case .addElements(_, let set), .deleteElements(_, let set): 128 + 80 * set.elements.count
        case .addRule: 512
        case .addTable, .deleteTable, .addSet, .flushSet, .deleteSet, .addChain, .flushChain, .deleteChain: 160
        }
    }
}
