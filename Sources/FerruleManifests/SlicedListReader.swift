// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FerruleKubernetes
import FoundationEssentials
import Synchronization

/// Reads a large JSON List in slices of its items, on all processors, with little of its text in memory at once.
///
/// A slice is decoded as the document itself with only some of its items: what stands before them and behind them is kept,
/// so that kind and version of the list are there, wherever they are written. Nothing is ever reported from here that the
/// decoding of the whole text would not report: if a slice is not JSON, is not a list, or holds another number of items
/// than brackets and commas promise, the answer is nil, and the text has to be read as a whole.
struct SlicedListReader {
    /// Bytes of items in a slice: few enough to stay in a processor's cache, and enough that starting a decoder is nothing.
    static let sliceSize = 256 << 10
    /// Bytes that are scanned at a time.
    private static let scanSize = 1 << 20
    /// With more than this around its items, a list is not worth it, as each slice repeats them.
    private static let frameLimit = 16 << 10

    let text: PartialText
    let file: String
    var sliceSize = Self.sliceSize

    /// The objects and diagnostics of the list; nil if it has to be read as a whole.
    func read() -> DecodedObjects? {
        guard let plan = plan() else { return nil }
        let progress = Mutex(Progress())
        DispatchQueue.concurrentPerform(iterations: min(plan.slices.count, ProcessInfo.processInfo.processorCount)) { _ in
            while let index = progress.withLock({ $0.next(of: plan.slices.count) }) {
                let found = decode(plan.slices[index], plan)
                progress.withLock { $0.finish(index, found) }
            }
        }
        return progress.withLock { $0.hasFailed ? nil : $0.merged }
    }

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

    private func decode(_ slice: ItemScanner.Slice, _ plan: Plan) -> DecodedObjects? {
        guard let items = text.part(slice.range) else { return nil }
        let session = DecodingSession()
        session.begin(file: file, document: 0, firstItem: slice.firstItem)
        let decoder = JSONDecoder()
        decoder.userInfo = session.userInfo
        let document = plan.head + items + plan.tail
        guard (try? decoder.decode(KubernetesDocument.self, from: document)) != nil else { return nil }
        return session.itemCount == slice.itemCount ? session.result : nil
    }

    /// The slices that are handed out, and those that are done, put together in their order.
    private struct Progress {
        private(set) var merged = DecodedObjects()
        private(set) var hasFailed = false
        private var nextSlice = 0
        private var mergedCount = 0
        private var waiting: [Int: DecodedObjects] = [:]

        mutating func next(of count: Int) -> Int? {
            guard !hasFailed, nextSlice < count else { return nil }
            defer { nextSlice += 1 }
            return nextSlice
        }

        mutating func finish(_ index: Int, _ found: DecodedObjects?) {
            guard let found else { return hasFailed = true }
            waiting[index] = found
            while let next = waiting.removeValue(forKey: mergedCount) {
                merged.append(next)
                mergedCount += 1
            }
        }
    }
}
