// SPDX-License-Identifier: Apache-2.0

/// Tells whether one name was meant by another.
package enum LetterDistance {
    /// The name that is most likely meant by another: the nearest, and of several the first; nil where none is near.
    package static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let near = names.compactMap { known in between(name, known).map { (name: known, distance: $0) } }
        return near.min { $0.distance < $1.distance }?.name
    }

    /// How many letters two names differ by, in whatever case: letters left out, put in, replaced, or swapped with the
    /// next; nil where that is more than a slip of the pen.
    ///
    /// That is up to two letters; one in names of three, and in those of four or five if they begin with another letter:
    /// `node` is no slip for `zone`.
    package static func between(_ one: String, _ other: String) -> Int? {
        let (left, right) = (Array(one.lowercased().utf8), Array(other.lowercased().utf8))
        let length = min(left.count, right.count)
        let limit = length < 4 || (length < 6 && left.first != right.first) ? 1 : 2
        guard abs(left.count - right.count) <= limit else { return nil }
        // Rows of the table of distances between beginnings of the two (Damerau-Levenshtein, each letter moved once).
        var (before, last) = ([Int](), Array(0...right.count))
        for (row, letter) in left.enumerated() {
            var next = [row + 1]
            for (column, otherLetter) in right.enumerated() {
                var distance = min(
                    last[column] + (letter == otherLetter ? 0 : 1), last[column + 1] + 1, next[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == otherLetter {
                    distance = min(distance, before[column - 1] + 1)
                }
                next.append(distance)
            }
            (before, last) = (last, next)
        }
        return last[right.count] <= limit ? last[right.count] : nil
    }
}
