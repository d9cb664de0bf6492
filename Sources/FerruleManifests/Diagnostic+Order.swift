// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics

extension [Diagnostic] {
    /// The same diagnostics by file, in the order of the input, and within a file by line; those of other files follow, and those
    /// without a place come last.
    ///
    /// - Parameter sources: find the place of a field, which the result carries.
    package func inLineOrder(of sources: SourceMap) -> [Diagnostic] {
        var ranks = Dictionary(uniqueKeysWithValues: sources.names.enumerated().map { ($1, $0) })
        let located = map { diagnostic -> (rank: Int, diagnostic: Diagnostic) in
            guard let origin = diagnostic.origin else { return (.max, diagnostic) }
            let rank = ranks[origin.file] ?? ranks.count
            ranks[origin.file] = rank
            var located = diagnostic
            located.location = diagnostic.location ?? sources.locate(origin, diagnostic.field)
            return (rank, located)
        }
        return located.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            let (here, there) = (one.diagnostic.location, other.diagnostic.location)
            return (one.rank, here?.line ?? 0, here?.column ?? 0, left.offset)
                < (other.rank, there?.line ?? 0, there?.column ?? 0, right.offset)
        }.map(\.element.diagnostic)
    }
}
