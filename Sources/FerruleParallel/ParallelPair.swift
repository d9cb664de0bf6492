// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// What two functions make, made at the same time; as for ``parallelReduce(count:into:part:take:)``, on any thread.
package func parallelPair<First: Sendable, Second: Sendable>(
    _ first: @Sendable () -> First, _ second: @Sendable () -> Second
) -> (First, Second) {
    let made = Mutex<(first: First?, second: Second?)>((nil, nil))
    DispatchQueue.concurrentPerform(iterations: 2) { number in
        if number == 0 {
            let value = first()
            made.withLock { $0.first = value }
        } else {
            let value = second()
            made.withLock { $0.second = value }
        }
    }
    // Both are there by now; without this the type would not say so.
    return made.withLock { ($0.first ?? first(), $0.second ?? second()) }
}
