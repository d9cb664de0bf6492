// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

extension Data {
    /// Whether a text that cannot be decoded may hold a Secret, of which nothing is to be shown: by its kind, or by a field that
    /// Secrets have where the kind may be misspelt. ConfigMaps have one of these too.
    var mayHoldSecret: Bool {
        ["Secret", "stringData"].contains(where: holds) || hasDataField && !holds("ConfigMap")
    }

    private func holds(_ word: String) -> Bool { firstRange(of: Data(word.utf8)) != nil }

    /// Whether `data` stands somewhere as a key, and not as the end of another word.
    private var hasDataField: Bool {
        let word = Data("data".utf8)
        var rest = self[...]
        while let range = rest.firstRange(of: word) {
            let (before, behind) = (self[..<range.lowerBound].last, self[range.upperBound...].first)
            let isInWord = before.map { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") } ?? false
            if !isInWord, let behind, ":\"'".utf8.contains(behind) { return true }
            rest = self[range.upperBound...]
        }
        return false
    }
}
