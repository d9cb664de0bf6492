// SPDX-License-Identifier: Apache-2.0

/// Diagnostics as they are found, in order. The first are kept; of those that follow the first of each form is kept and the
/// others are counted, so that a small input cannot ask for more memory than there is.
package struct DiagnosticList: Sendable {
    /// How many are kept whatever they say, and how many forms are told apart behind them.
    package static let limit = 10_000

    private let limit: Int
    private var kept: [Diagnostic] = []
    /// For each form the position of the last one kept; empty while all are kept.
    private var positions: [DiagnosticForm: Int] = [:]

    package init(limit: Int = Self.limit) { self.limit = limit }

    /// What is kept, with the others counted in ``Diagnostic/likeIt``.
    package var diagnostics: [Diagnostic] { kept }

    package var isEmpty: Bool { kept.isEmpty }

    package mutating func append(_ diagnostic: Diagnostic) {
        guard kept.count >= limit else { return kept.append(diagnostic) }
        if positions.isEmpty {
            for position in kept.indices { positions[DiagnosticForm(kept[position])] = position }
        }
        let form = DiagnosticForm(diagnostic)
        if let position = positions[form] {
            kept[position].likeIt += 1 + diagnostic.likeIt
        } else if kept.count < 2 * limit {
            positions[form] = kept.count
            kept.append(diagnostic)
        } else {
            // So many forms are one to whoever reads them.
            kept[kept.count - 1].likeIt += 1 + diagnostic.likeIt
        }
    }

    package mutating func append(contentsOf diagnostics: some Sequence<Diagnostic>) {
        for diagnostic in diagnostics { append(diagnostic) }
    }
}

extension Sequence<Diagnostic> {
    /// How many there are of a severity, with those that are only counted.
    package func total(_ severity: Diagnostic.Severity) -> Int {
        lazy.filter { $0.severity == severity }.reduce(0) { $0 + 1 + $1.likeIt }
    }
}
