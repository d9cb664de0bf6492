// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Why a question cannot be asked.
package enum TrafficError: Error, Sendable, Hashable {
    /// It is of no form that is known, or lacks a word.
    case wording(String)
    /// It names something that the definitions do not have; with what was meant, perhaps.
    case unknown(String, hint: String?)
    /// The sender has no address of a family that the destination has one of; these are the destination's, sorted.
    case noCommonFamily([IPFamily])

    /// What is wrong, in words.
    package var message: String {
        switch self {
        case .wording(let message), .unknown(let message, _): message
        case .noCommonFamily(let families):
            "no packet goes from one address family to the other: the destination is of "
                + "\(families.map(\.rawValue).joined(separator: " and ")), and the source has no such address"
        }
    }

    package var hint: String? { if case .unknown(_, let hint) = self { hint } else { nil } }
}
