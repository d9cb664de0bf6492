// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import FerruleParallel
import FoundationEssentials

/// Reads a large JSON List in slices of its items, on all processors, with little of its text in memory at once.
///
/// A slice is decoded as the document itself with only some of its items: what stands before them and behind them is kept,
/// so that kind and version of the list are there, wherever they are written. Nothing is ever reported from here that the
/// decoding of the whole text would not report: if a slice is not JSON, is not a list, or holds another number of items
/// than brackets and commas promise, the answer is nil, and the text has to be read as a whole.
struct SlicedListReader: Sendable {
    /// From this size on, a text is read in slices.
    static let minimumSize = 1 << 20
    /// Bytes of items in a slice: few enough to stay in a processor's cache, and enough that starting a decoder is nothing.
    static let sliceSize = 256 << 10
    /// Bytes that are scanned at a time.
    private static let scanSize = 1 << 20
    /// With more than this around its items, a list is not worth it, as each slice repeats them.
    private static let frameLimit = 16 << 10

    let text: PartialText
    let file: String
    /// Of objects that name none.
    var namespace = ObjectMeta.defaultNamespace
    /// Those that are read.
    var kinds = ObjectKind.ofServices
    /// The number of the document in its file.
    var document = 0
    var sliceSize = Self.sliceSize

    /// The objects and diagnostics of the list; nil if it has to be read as a whole.
    func read() -> DecodedObjects? {
        guard let plan = plan() else { return nil }
        return try? parallelReduce(count: plan.slices.count, into: DecodedObjects()) { number throws(Unsuitable) in
            try decode(plan.slices[number], plan)
        } take: {
            $0.append($1)
        }
    }

    /// The list has to be read as a whole.
    private struct Unsuitable: Error {}

    /// Where to cut.
    private struct Plan: Sendable {
        /// What stands before the items, with their opening bracket, and behind them, with the closing one.
        let head: Data
        let tail: Data
        let slices: [ItemScanner.Slice]
    }

    private func plan() -> Plan? {
        var scanner = ItemScanner(sliceSize: sliceSize)
        var offset = 0
        while offset < text.count {
            guard let part = text.part(offset..<min(offset + Self.scanSize, text.count)) else { return nil }
            if offset == 0, TextFormat(of: part) != .json { return nil }
            scanner.scan(part.span)
            offset += part.count
        }
        guard scanner.isSuitable, let end = scanner.end, let start = scanner.slices.first?.range.lowerBound,
            start + text.count - end <= Self.frameLimit,
            let head = text.part(0..<start), let tail = text.part(end..<text.count)
        else { return nil }
        return Plan(head: head, tail: tail, slices: scanner.slices)
    }

    private func decode(_ slice: ItemScanner.Slice, _ plan: Plan) throws(Unsuitable) -> DecodedObjects {
        guard let items = text.part(slice.range) else { throw Unsuitable() }
        let session = DecodingSession(namespace: namespace, kinds: kinds)
        session.begin(file: file, document: document, firstItem: slice.firstItem)
        let decoder = JSONDecoder()
        decoder.userInfo = session.userInfo
        let part = plan.head + items + plan.tail
        guard decoder.decodeDocument(part, in: session), session.itemCount == slice.itemCount else {
            throw Unsuitable()
        }
        return session.result
    }
}
