// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FoundationEssentials
import Synchronization

/// How many threads work at once: as many as there are processors that this process may use, and not more than make sense
/// for what is done here, since each needs memory.
package let processorCount: Int = {
    let text = { (path: String) in try? String(contentsOfFile: path, encoding: .utf8) }
    let limit = ProcessorLimit.processors(
        groups: text("/proc/self/cgroup") ?? "", mounts: text("/proc/self/mountinfo") ?? "", read: text)
    return min(ProcessInfo.processInfo.activeProcessorCount, limit ?? .max, 16)
}()

/// Makes parts on all processors at once, and takes them into a result in the order of their numbers, each as soon as all
/// before it are taken: few parts wait at a time, so little more memory is needed than for one after the other.
///
/// The caller waits and works along. Both functions run on any thread: they must not ask for what belongs to a thread, such
/// as its network namespace.
///
/// - Parameters:
///   - count: how many parts there are.
///   - part: makes the part of a number below the count; what it throws stops all and is thrown to the caller.
package func parallelReduce<Part: Sendable, Result: Sendable, Failure: Error>(
    count: Int, into result: Result, part: @Sendable (Int) throws(Failure) -> Part,
    take: @Sendable (inout Result, Part) -> Void
) throws(Failure) -> Result {
    let progress = Mutex(Progress<Part, Result, Failure>(result: result))
    DispatchQueue.concurrentPerform(iterations: min(count, processorCount)) { _ in
        while let number = progress.withLock({ $0.next(of: count) }) {
            do throws(Failure) {
                let made = try part(number)
                progress.withLock { $0.finish(number, made, take) }
            } catch {
                progress.withLock { $0.failure = error }
            }
        }
    }
    let last = progress.withLock { $0 }
    if let failure = last.failure { throw failure }
    return last.result
}

/// Which parts have been handed out, and which are done.
private struct Progress<Part: Sendable, Result: Sendable, Failure: Error>: Sendable {
    private(set) var result: Result
    var failure: Failure?
    private var nextNumber = 0
    private var takenCount = 0
    /// Parts that wait for an earlier one; never many, since they are handed out in order.
    private var waiting: [Int: Part] = [:]

    init(result: Result) { self.result = result }

    mutating func next(of count: Int) -> Int? {
        guard failure == nil, nextNumber < count else { return nil }
        defer { nextNumber += 1 }
        return nextNumber
    }

    mutating func finish(_ number: Int, _ part: Part, _ take: (inout Result, Part) -> Void) {
        waiting[number] = part
        while let next = waiting.removeValue(forKey: takenCount) {
            take(&result, next)
            takenCount += 1
        }
    }
}
