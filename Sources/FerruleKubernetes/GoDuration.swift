// SPDX-License-Identifier: Apache-2.0

/// Durations as Go writes them (`time.ParseDuration`), and so the fields of configurations: `24h0m0s`, `1.5h`, `90s`, `0`.
package enum GoDuration {
    /// The seconds of a duration, which may be fewer than 0; nil for another text.
    package static func seconds(_ text: String) -> Double? {
        let isNegative = text.hasPrefix("-")
        var rest = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let factor = units[String(unit)] else { return nil }
            total += value * factor
        }
        return isNegative ? -total : total
    }

    /// Of the two letters for micro, either is taken.
    private static let units = [
        "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "\u{b5}s": 1e-6, "\u{3bc}s": 1e-6, "ns": 1e-9,
    ]
}
