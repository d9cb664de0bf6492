// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The processor time that a function takes on the thread that calls it, in seconds: what others do on the machine at the same
/// time hardly counts.
package func threadTime(_ body: () throws -> Void) rethrows -> Double {
    let start = now()
    try body()
    return now() - start
}

/// `CLOCK_THREAD_CPUTIME_ID` (`clock_gettime(2)`).
private func now() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
