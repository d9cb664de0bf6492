// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FerruleKubernetes
import FoundationEssentials
import Synchronization

/// Decodes the parts of an input on all processors, and puts together what they hold in the order of the input.
enum ParallelDecoding {
    /// What all parts hold; nil as soon as one part has no answer.
    static func merged(count: Int, _ part: @Sendable (Int) -> DecodedObjects?) -> DecodedObjects? {
        let progress = Mutex(Progress())
        DispatchQueue.concurrentPerform(iterations: min(count, ProcessInfo.processInfo.activeProcessorCount)) { _ in
            while let index = progress.withLock({ $0.next(of: count) }) {
                let found = part(index)
                progress.withLock { $0.finish(index, found) }
            }
        }
        return progress.withLock { $0.hasFailed ? nil : $0.merged }
    }

    /// Which parts have been handed out, and which are done.
    private struct Progress {
        private(set) var merged = DecodedObjects()
        private(set) var hasFailed = false
        private var nextPart = 0
        private var mergedCount = 0
        /// Parts that wait for an earlier one; never many, since they are handed out in order.
        private var waiting: [Int: DecodedObjects] = [:]

        mutating func next(of count: Int) -> Int? {
            guard !hasFailed, nextPart < count else { return nil }
            defer { nextPart += 1 }
            return nextPart
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
