// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// What a function makes of each number below a count, made on all processors at once: each result is made where it will
/// stand. As for ``parallelReduce(count:into:part:take:)``, on any thread.
///
/// - Parameters:
///   - order: the numbers in the order of their results; as they are if nil. The function is asked in ascending order all the
///     same: what it reads most often lies in memory so.
///   - sliceLength: how many are made one after the other before another processor may go on.
/// - Precondition: the order has each number below the count once.
package func parallelMap<Result: Sendable>(
    count: Int, order: consuming [Int]? = nil, sliceLength: Int, _ make: @Sendable (Int) -> Result
) -> [Result] {
    let ranks = (consume order)?.ranks
    let sliceCount = (count + sliceLength - 1) / sliceLength
    return unsafe Array(unsafeUninitializedCapacity: count) { results, initializedCount in
        // Each number is made once, so that no two threads write one place; all are made when `concurrentPerform` returns.
        nonisolated(unsafe) let places = unsafe results
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(sliceCount, processorCount)) { _ in
            while case let slice = next.add(1, ordering: .relaxed).oldValue, slice < sliceCount {
                for number in slice * sliceLength..<min((slice + 1) * sliceLength, count) {
                    unsafe places.initializeElement(at: ranks.map { Int($0[number]) } ?? number, to: make(number))
                }
            }
        }
        initializedCount = count
    }
}

extension [Int] {
    /// Of an order, where in it each number stands; nil where that is the number itself.
    fileprivate var ranks: [Int32]? {
        if indices.allSatisfy({ self[$0] == $0 }) { return nil }
        var ranks = [Int32](repeating: 0, count: count)
        for rank in indices { ranks[self[rank]] = Int32(rank) }
        return ranks
    }
}
