// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// How a text of a drawing is set. Which of several fonts a machine has is not known, so widths are those of the widest of
/// them (DejaVu): a text takes the room that it is given, or less.
struct Typeface: Sendable {
    /// The class in the style sheet.
    let name: String
    let size: Double
    /// From one line to the next.
    let leading: Double
    var isMonospaced = false
    var isBold = false

    /// From above its leading, in the middle of which a text stands.
    var baseLine: Double { leading / 2 + size * 0.36 }

    static let title = Typeface(name: "title", size: 19, leading: 27, isBold: true)
    static let name = Typeface(name: "name", size: 15, leading: 22, isMonospaced: true, isBold: true)
    static let prose = Typeface(name: "prose", size: 14, leading: 20)
    static let strong = Typeface(name: "strong", size: 14, leading: 20, isBold: true)
    static let code = Typeface(name: "code", size: 12, leading: 18, isMonospaced: true)
    static let chain = Typeface(name: "chain", size: 12, leading: 18, isMonospaced: true, isBold: true)
    static let label = Typeface(name: "label", size: 11.5, leading: 18, isBold: true)

    static let all: [Typeface] = [.title, .name, .prose, .strong, .code, .chain, .label]

    /// The style sheet's rule.
    var rule: String {
        let family =
            isMonospaced
            ? "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace"
            : "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
        return ".\(name) { font: \(isBold ? "600" : "400") \(Typeface.text(size))px \(family); }"
    }

    private static func text(_ size: Double) -> String { size == size.rounded() ? "\(Int(size))" : "\(size)" }

    /// The room that a printable text needs at most. That of other scripts is a guess; see ``isGuess(_:)``.
    func width(of text: some StringProtocol) -> Double {
        text.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }

    /// Whether the width of a text is not known, so that it has to be pressed into it.
    static func isGuess(_ text: String) -> Bool { !text.unicodeScalars.allSatisfy { $0.isASCII || $0 == "…" } }

    private func width(of scalar: Unicode.Scalar) -> Double {
        if isMonospaced { return size * (scalar.isASCII || scalar == "…" ? 0.603 : 1.25) }
        let share: Double =
            switch scalar {
            case "i", "l", "j", ".", ",", ":", ";", "'", "|", "!", "I", " ": 0.37
            case "f", "t", "r", "(", ")", "[", "]", "/", "-": 0.43
            case "m", "w", "M", "W", "%", "@": 1
            case "A"..."Z", "…", "+", "=", "<", ">", "_", "~", "#", "&": 0.84
            case _ where scalar.isASCII: 0.64
            default: 1.25
            }
        return size * share * (isBold ? 1.1 : 1)
    }

    /// The text in lines that fit a width: broken at blanks; a word that is longer at signs that part it, or anywhere.
    func lines(_ text: String, within limit: Double) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in Typeface.words(of: text.printable) {
            let longer = line.isEmpty ? word : "\(line) \(word)"
            if width(of: longer) <= limit {
                line = longer
                continue
            }
            if !line.isEmpty { lines.append(line) }
            let pieces = pieces(word, within: limit)
            lines += pieces.dropLast()
            line = pieces.last ?? ""
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// The words of a text; a dot or colon that stands alone is part of the word before it.
    private static func words(of text: String) -> [String] {
        text.split(separator: " ").reduce(into: []) { words, word in
            if let last = words.last, word == "." || word == ":" {
                words[words.count - 1] = "\(last) \(word)"
            } else {
                words.append(String(word))
            }
        }
    }

    private func pieces(_ word: String, within limit: Double) -> [String] {
        var pieces: [String] = []
        var (start, end, lastPart) = (word.startIndex, word.startIndex, word.startIndex)
        var taken = 0.0
        while end < word.endIndex {
            let own = width(of: String(word[end]))
            if taken + own > limit, end > start {
                let cut = lastPart > start ? lastPart : end
                pieces.append(String(word[start..<cut]))
                (start, end, taken) = (cut, cut, 0)
                continue
            }
            taken += own
            let isPart = "/.:,-_".contains(word[end])
            end = word.index(after: end)
            if isPart { lastPart = end }
        }
        return pieces + [String(word[start...])]
    }
}
