// SPDX-License-Identifier: Apache-2.0

/// Tells whether one name was meant by another.
package enum LetterDistance {
    /// Among more names than these some are always near, and to look at all of them for each of as many objects takes long.
    private static let crowd = 1000

    /// The name that is most likely meant by another: the nearest, and of several the first; nil where none is near, or where
    /// the names are a crowd.
    package static func nearest(to name: String, among names: some Collection<String>) -> String? {
        guard names.count <= crowd else { return nil }
        let near = names.compactMap { known in between(name, known).map { (name: known, distance: $0) } }
        return near.min { $0.distance < $1.distance }?.name
    }

    /// How many letters two names differ by, in whatever case: letters left out, put in, replaced, or swapped with the
    /// next; nil where that is more than a slip of the pen.
    ///
    /// That is up to two letters; one in names of three, and in those of four or five if they begin with another letter:
    /// `node` is no slip for `zone`. The time grows as the length of the names does.
    package static func between(_ one: String, _ other: String) -> Int? {
        between(one.utf8.span, other.utf8.span)
    }

    private static func between(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Int? {
        guard abs(one.count - other.count) <= 2 else { return nil }
        let length = min(one.count, other.count)
        let mayDifferByTwo = length >= 6 || length >= 4 && isSame(one[0], other[0])
        return Ends(one: 0, other: 0).distance(one, other, within: mayDifferByTwo ? 2 : 1)
    }

    /// What is left of two names behind some of their letters.
    private struct Ends {
        var one: Int
        var other: Int

        /// The distance of the ends (Damerau-Levenshtein, each letter moved once); nil where it is more than a limit.
        func distance(_ text: Span<UInt8>, _ otherText: Span<UInt8>, within limit: Int) -> Int? {
            var ends = self
            while ends.one < text.count, ends.other < otherText.count,
                LetterDistance.isSame(text[ends.one], otherText[ends.other])
            {
                ends = ends.behind(1, 1)
            }
            guard ends.one < text.count, ends.other < otherText.count else {
                let rest = text.count - ends.one + otherText.count - ends.other
                return rest <= limit ? rest : nil
            }
            guard limit > 0 else { return nil }
            var least = limit
            // A letter is replaced, left out or put in.
            least = min(least, ends.behind(1, 1).distance(text, otherText, within: limit - 1) ?? limit)
            least = min(least, ends.behind(1, 0).distance(text, otherText, within: limit - 1) ?? limit)
            least = min(least, ends.behind(0, 1).distance(text, otherText, within: limit - 1) ?? limit)
            if ends.one + 1 < text.count, ends.other + 1 < otherText.count,
                LetterDistance.isSame(text[ends.one], otherText[ends.other + 1]),
                LetterDistance.isSame(text[ends.one + 1], otherText[ends.other])
            {
                least = min(least, ends.behind(2, 2).distance(text, otherText, within: limit - 1) ?? limit)
            }
            return least < limit ? least + 1 : nil
        }

        /// What is left behind so many letters more.
        private func behind(_ letters: Int, _ otherLetters: Int) -> Ends {
            Ends(one: one + letters, other: other + otherLetters)
        }
    }

    /// Whether two letters are one in whatever case.
    private static func isSame(_ one: UInt8, _ other: UInt8) -> Bool {
        one == other || one ^ other == 0x20 && (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(one | 0x20)
    }
}
