// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

extension Date {
    /// A time as the API writes it: RFC 3339, with or without fractions of a second; nil if it is none.
    package init?(serverTime text: String) {
        let whole = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? whole.parse(text)) ?? (try? fractional.parse(text)) else { return nil }
        self = date
    }
}
