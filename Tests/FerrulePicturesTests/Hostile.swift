// SPDX-License-Identifier: Apache-2.0

/// Texts that a kernel or a command line may hold, though Kubernetes has no such names.
enum Hostile {
    static let texts = [
        "</text></svg><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]>&amp;&#x0;<!--",
        "\u{1b}[31mred\u{7}", "safe\u{202e}gpj.exe\u{2066}", "\u{0}\u{b}\u{fffe}\u{ffff}", "two\nlines\u{2028}",
        "שלום-عالم", "名前空間", "👩‍👩‍👧‍👦",
    ]

    /// Whether a text commands a terminal or changes the order of what is read.
    static func commands(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            scalar != "\n" && [.control, .format, .lineSeparator].contains(scalar.properties.generalCategory)
        }
    }
}
