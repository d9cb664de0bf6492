// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleText
internal import Synchronization

/// What all services may come to together. A short input can ask for more than any memory holds: by a service of thousands of
/// addresses and as many ports, or by selectors that each match every pod.
final class SizeLimit: Sendable {
    /// Addresses with a port, endpoints, and pairs of an address and a source range: some times more than the largest clusters
    /// have.
    private static let limit = 5_000_000

    private let rest = Atomic(limit)
    private let isExceeded = Atomic(false)

    /// Takes a part; false if too little is left. That leaves the rest to others: one service that is too large is no reason to
    /// do without those that are looked at after it.
    func take(_ count: Int) -> Bool {
        var left = rest.load(ordering: .relaxed)
        while count <= left {
            let (isDone, current) = rest.weakCompareExchange(expected: left, desired: left - count, ordering: .relaxed)
            if isDone { return true }
            left = current
        }
        isExceeded.store(true, ordering: .relaxed)
        return false
    }

    /// Says so if there was too little; whatever is resolved first, that depends on the whole.
    var diagnostics: [Diagnostic] {
        guard isExceeded.load(ordering: .relaxed) else { return [] }
        return [
            Diagnostic(
                .error,
                "the services come to more than \(Self.limit.grouped) endpoints and addresses with their ports and source "
                    + "ranges: no node could hold that")
        ]
    }
}
