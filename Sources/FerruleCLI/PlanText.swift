// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerrulePlanner
internal import FerruleText

/// A plan for terminals: lines of 80 columns, dangerous changes first.
struct PlanText {
    private static let width = 80
    /// How many endpoints a line names.
    private static let endpoints = 6
    /// Longer labels do not push the others to the right.
    private static let labelWidth = 32

    private let report: PlanReport
    private let isColored: Bool

    init(_ report: PlanReport, isColored: Bool) { (self.report, self.isColored) = (report, isColored) }

    var text: String {
        let difference = report.difference
        guard !difference.isEmpty else {
            return "No changes."
                + (report.work.isEmpty ? "" : "\nIn the kernel, without effect on traffic: \(report.work.words).")
        }
        var lines: [String] = []
        let dangerous = difference.services.filter(\.isDangerous)
        let other = difference.services.filter { !$0.isDangerous }
        if difference.dangerCount > 0 {
            lines.append(paint("Dangerous changes:", .bold))
            lines += settings(difference.settings.filter(\.isDangerous)) + services(dangerous)
        }
        let calm = settings(difference.settings.filter { !$0.isDangerous }) + services(other) + drift
        if !calm.isEmpty {
            if difference.dangerCount > 0 { lines += ["", paint("Other changes:", .bold)] }
            lines += calm
        }
        lines += ["", wrap("Kernel: \(report.work.words)."), wrap(report.countLine)]
        return lines.joined(separator: "\n")
    }

    private var drift: [String] {
        report.difference.drift.map { wrap("-", "\($0), which somebody else put there", .red) }
    }

    private func settings(_ changes: [SettingChange]) -> [String] {
        changes.flatMap { change in
            let line = change.line
            return [wrap("~", line.text, .yellow)] + (line.danger.map { [wrap("  !", $0, .boldRed)] } ?? [])
        }
    }

    private func services(_ services: [ServiceDifference]) -> [String] {
        let column =
            services.filter { $0.label.count <= Self.labelWidth && $0.hasOneLine }.map(\.label.count).max() ?? 0
        return services.flatMap { lines(of: $0, column) }
    }

    /// A service of one change takes one line; of several, one for each below its name.
    private func lines(of service: ServiceDifference, _ column: Int) -> [String] {
        var lines = service.lines(limit: Self.endpoints)[...]
        var head = service.label
        if service.hasOneLine, let first = lines.first {
            head += String(repeating: " ", count: max(0, column - head.count)) + " " + first.text
            lines = lines.dropFirst()
        }
        let color: TerminalStyle =
            switch service.action {
            case .add: .green
            case .change: .yellow
            case .remove: .red
            }
        return [wrap(service.sign, head, color)]
            + lines.map { line in
                line.danger.map { wrap("  !", "\(line.text): \($0)", .boldRed) } ?? wrap("   ", line.text, nil)
            }
    }

    private func paint(_ text: String, _ color: TerminalStyle?) -> String {
        guard isColored, let color else { return text }
        return color.applied(to: text)
    }

    /// Breaks a line between words; the rest is indented.
    private func wrap(_ sign: String, _ text: String, _ color: TerminalStyle?) -> String {
        // Names that stand in the kernel may be anybody's.
        let lines = broken("\(sign) \(text.printable)", indent: sign.count + 5)
        // Only the sign is coloured, and all of a danger.
        if color == .boldRed { return lines.map { paint($0, color) }.joined(separator: "\n") }
        return paint(sign, color) + lines.joined(separator: "\n").dropFirst(sign.count)
    }

    private func wrap(_ text: String) -> String { broken(text, indent: 4).joined(separator: "\n") }

    private func broken(_ text: String, indent: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var isStart = true
        var sign = ""
        for part in text.split(separator: " ", omittingEmptySubsequences: false) {
            // A minus or plus stays with the address that it is about.
            let word = sign + part
            sign = ["-", "+", "(-", "(+"].contains(word) && !isStart ? word + " " : ""
            guard sign.isEmpty else { continue }
            if !isStart, line.count + 1 + word.count > Self.width, line.contains(where: { $0 != " " }) {
                lines.append(line)
                line = String(repeating: " ", count: indent) + word
            } else {
                line += (isStart ? "" : " ") + word
            }
            isStart = false
        }
        return lines + [line]
    }
}

extension ServiceDifference {
    /// Whether the first change stands beside the name.
    fileprivate var hasOneLine: Bool {
        changes.first?.isDangerous == false && (action != .change || changes.count == 1)
    }
}
