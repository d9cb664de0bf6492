// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// What is shown of the problems of one input: the first fifty, and of each further form the first. Those that follow are
/// counted beside the last one shown of their form.
package struct DiagnosticSelection {
    package static let limit = 50

    /// In order; ``Diagnostic/likeIt`` says how many of its form follow each.
    package private(set) var shown: [Diagnostic] = []
    /// How many there are besides, of forms of which none is shown.
    package private(set) var otherCount = 0

    package init(_ diagnostics: [Diagnostic]) {
        guard diagnostics.count > Self.limit || diagnostics.contains(where: { $0.likeIt > 0 }) else {
            shown = diagnostics
            return
        }
        let forms = diagnostics.map(DiagnosticForm.init)
        let shownPositions = Self.positions(diagnostics, forms)
        var lastShown: [DiagnosticForm: Int] = [:]
        for position in shownPositions { lastShown[forms[position]] = position }
        var counts: [Int: Int] = [:]
        let isShown = Set(shownPositions)
        for position in diagnostics.indices {
            let count = diagnostics[position].likeIt + (isShown.contains(position) ? 0 : 1)
            if let last = lastShown[forms[position]] { counts[last, default: 0] += count } else { otherCount += count }
        }
        shown = shownPositions.map { position in
            var diagnostic = diagnostics[position]
            diagnostic.likeIt = counts[position] ?? 0
            return diagnostic
        }
    }

    /// A line for each that is shown, with the number of those like it, and one for all others.
    package func lines(_ line: (Diagnostic) -> String) -> [String] {
        shown.map { line($0) + ($0.likeIt > 0 ? ", and \($0.likeIt.grouped) like it" : "") }
            + (otherCount > 0 ? ["and \(otherCount.grouped) of other forms"] : [])
    }

    /// The first ones, and then the first of each form that is not among them; of too many forms those of errors.
    private static func positions(_ diagnostics: [Diagnostic], _ forms: [DiagnosticForm]) -> [Int] {
        var known = Set(forms.prefix(limit))
        let firsts = diagnostics.indices.dropFirst(limit).filter { known.insert(forms[$0]).inserted }
        let errors = firsts.filter { diagnostics[$0].severity == .error }.prefix(limit)
        let warnings = firsts.filter { diagnostics[$0].severity == .warning }.prefix(limit - errors.count)
        return Array(diagnostics.indices.prefix(limit)) + (errors + warnings).sorted()
    }
}
