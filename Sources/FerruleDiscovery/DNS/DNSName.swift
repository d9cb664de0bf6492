// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// What names DNS can hold (RFC 1035, 2.3.4), of those that servers take for hosts (RFC 952, RFC 1123).
package enum DNSName {
    /// The bytes of the longest label.
    static let longestLabel = 63
    /// The bytes of the longest name in a message: each label with its length, and the root.
    static let longestName = 255

    /// What is wrong with an absolute name, as `has a label of 70 characters, and DNS holds 63`; nil for nothing.
    ///
    /// - Parameters:
    ///   - name: without the dot at the end.
    ///   - isOfService: whether labels may begin with an underscore, as those of ports and protocols do (RFC 2782).
    package static func problem(_ name: String, isOfService: Bool = false) -> String? {
        for label in name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard !label.isEmpty else { return "has an empty label" }
            if label.count > longestLabel {
                return "has a label of \(label.count) characters, and DNS holds \(longestLabel)"
            }
            let text = isOfService && label.first == UInt8(ascii: "_") ? label.dropFirst() : label
            guard let first = text.first, let last = text.last, first.isAlphanumeric, last.isAlphanumeric,
                text.allSatisfy({ $0.isAlphanumeric || $0 == UInt8(ascii: "-") })
            else {
                return
                    "has the label \"\(String(Substring(label)))\", which is not letters, digits and \"-\" between them"
            }
        }
        let length = name.utf8.count + 2
        return length > longestName ? "takes \(length) octets, and DNS holds \(longestName)" : nil
    }
}
