// SPDX-License-Identifier: Apache-2.0

internal import FerruleResolution

/// How many endpoints of a service port are in which condition.
struct EndpointCensus {
    private(set) var total = 0
    private(set) var ready = 0
    private(set) var unready = 0
    /// Terminating, but still serving: they take traffic where none is ready.
    private(set) var leaving = 0
    private(set) var gone = 0

    init(_ candidates: [EndpointCandidate]) {
        for candidate in candidates {
            total += 1
            switch (candidate.isReady, candidate.isTerminating, candidate.isServing) {
            case (true, _, _): ready += 1
            case (false, true, true): leaving += 1
            case (false, true, false): gone += 1
            case (false, false, _): unready += 1
            }
        }
    }

    /// Why none of them takes traffic: `2 are not ready, 1 is terminating`.
    var conditions: String {
        [
            unready > 0 ? "\(unready) \(unready == 1 ? "is" : "are") not ready" : nil,
            gone > 0 ? "\(gone) \(gone == 1 ? "is" : "are") terminating" : nil,
        ].compactMap(\.self).joined(separator: ", ")
    }
}
