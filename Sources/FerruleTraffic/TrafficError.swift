// SPDX-License-Identifier: Apache-2.0

/// Why a question cannot be asked.
package enum TrafficError: Error, Sendable, Hashable {
    /// It is of no form that is known, or lacks a word.
    case wording(String)
    /// It names something that the definitions do not have; with what was meant, perhaps.
    case unknown(String, hint: String?)
}
