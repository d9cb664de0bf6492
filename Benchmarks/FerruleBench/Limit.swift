// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A target of the project: a figure, and what it may be.
struct Limit {
    enum Bound {
        case atMost(Double)
        case atLeast(Double)
        /// The figure is only shown.
        case none
    }

    let name: String
    let measured: Double
    let unit: String
    private(set) var bound: Bound

    init(_ name: String, _ measured: Double, _ unit: String, _ bound: Bound = .none) {
        (self.name, self.measured, self.unit, self.bound) = (name, measured, unit, bound)
    }

    /// What is met nowhere near the limit's size is not judged.
    var withoutBound: Limit { Limit(name, measured, unit) }

    var isMet: Bool {
        switch bound {
        case .atMost(let most): measured <= most
        case .atLeast(let least): measured >= least
        case .none: true
        }
    }

    var row: [String] {
        switch bound {
        case .atMost(let most): [name, text(measured), "<= " + text(most), isMet ? "pass" : "FAIL"]
        case .atLeast(let least): [name, text(measured), ">= " + text(least), isMet ? "pass" : "FAIL"]
        case .none: [name, text(measured), "-", ""]
        }
    }

    private func text(_ value: Double) -> String { String(format: "%.2f", value) + " " + unit }
}
