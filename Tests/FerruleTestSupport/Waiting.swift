// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a test has waited for in vain.
package struct NotInTime: Error, CustomStringConvertible {
    package let description: String

    fileprivate init(_ what: String, _ limit: Duration, _ place: String) {
        description = "not within \(limit): \(what) (\(place))"
    }
}

/// Waits until something is so, for which it looks every few milliseconds.
///
/// Throws ``NotInTime`` where it does not become so: a test that went on would hold nothing.
///
/// - Parameters:
///   - what: is waited for, in words.
///   - limit: how long, which is long enough on a machine that does much else.
package func waitUntil(
    _ what: String, within limit: Duration = .seconds(20), file: String = #fileID, line: Int = #line,
    _ condition: () throws -> Bool
) throws {
    let end = ContinuousClock.now + limit
    while try !condition() {
        guard .now < end else { throw NotInTime(what, limit, "\(file):\(line)") }
        usleep(5_000)
    }
}

/// The same in a task, whose thread others have meanwhile.
package func waitUntil(
    _ what: String, within limit: Duration = .seconds(20), file: String = #fileID, line: Int = #line,
    _ condition: () throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try !condition() {
        guard .now < end else { throw NotInTime(what, limit, "\(file):\(line)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
