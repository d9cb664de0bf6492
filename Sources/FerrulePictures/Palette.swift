// SPDX-License-Identifier: Apache-2.0

/// The colours of drawings and pages, for light and for dark. Text on its ground has a contrast of at least 4.5 (WCAG 2.2,
/// 1.4.3).
enum Palette: String, CaseIterable {
    /// The ground, and that of what stands out from it.
    case paper, card, tint
    /// Lines and borders.
    case edge
    /// Text, and what matters less.
    case ink, muted
    /// What leads on.
    case accent
    case accentTint = "accent-tint"
    case good
    case goodTint = "good-tint"
    case bad
    case badTint = "bad-tint"
    case change
    case changeTint = "change-tint"

    enum Scheme { case light, dark }

    func color(_ scheme: Scheme) -> String {
        let (light, dark) = colors
        return scheme == .light ? light : dark
    }

    private var colors: (light: String, dark: String) {
        switch self {
        case .paper: ("#f7f8fa", "#0e131a")
        case .card: ("#ffffff", "#161d27")
        case .tint: ("#eef1f5", "#202936")
        case .edge: ("#d5dbe3", "#333f4f")
        case .ink: ("#1a212b", "#e7edf4")
        case .muted: ("#566272", "#9dabbc")
        case .accent: ("#1f5fbf", "#7db4ff")
        case .accentTint: ("#e5eefb", "#17283f")
        case .good: ("#176b35", "#67cf8b")
        case .goodTint: ("#e3f4e9", "#143022")
        case .bad: ("#b3261e", "#ff938a")
        case .badTint: ("#fdeae8", "#3b1a1c")
        case .change: ("#845400", "#e9b44c")
        case .changeTint: ("#fbf0dc", "#33270f")
        }
    }

    /// Rules of a style sheet: those of the light scheme, and for who prefers it those of the dark one.
    static func rules(indent: String, _ rules: (Scheme) -> [String]) -> String {
        let light = rules(.light).map { indent + $0 }
        let dark = rules(.dark).map { indent + "  " + $0 }
        return (light + ["\(indent)@media (prefers-color-scheme: dark) {"] + dark + ["\(indent)}"])
            .joined(separator: "\n")
    }
}
