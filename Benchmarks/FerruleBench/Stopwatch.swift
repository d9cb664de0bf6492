// SPDX-License-Identifier: Apache-2.0

/// How long some work takes, in seconds.
func seconds<Result>(_ work: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let result = try work()
    return (result, (clock.now - start) / .seconds(1))
}
