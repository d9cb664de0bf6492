// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How long all processors are busy with some work, in seconds: what the work itself costs, however busy the machine is.
func processorSeconds<Result>(_ work: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
    let start = processorTime()
    let result = try work()
    return (result, processorTime() - start)
}

private func processorTime() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
