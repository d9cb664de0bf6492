// SPDX-License-Identifier: Apache-2.0

internal import FerrulePlanner
internal import FerruleText

/// A plan for terminals, dangerous changes first.
struct PlanText {
    /// How many endpoints a line names.
    private static let endpoints = 6
    /// Longer labels do not push the others to the right.
    private static let labelWidth = 32

    private let report: PlanReport
    private let isColored: Bool
    private let wrapping: LineWrapping

    /// - Parameter width: of the terminal; nil where no line is broken.
    init(_ report: PlanReport, isColored: Bool, width: Int?) {
        (self.report, self.isColored, wrapping) = (report, isColored, LineWrapping(width: width))
    }

    var text: String { (notes + body).joined(separator: "\n") }

    private var notes: [String] { report.notes.isEmpty ? [] : report.notes.map { wrap($0) } + [""] }

    private var body: [String] {
        let difference = report.difference
        guard !difference.isEmpty else {
            return ["No changes."]
                + (report.work.isEmpty
                    ? [] : [wrap("In the kernel, without effect on traffic: \(report.kernelWords).")])
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
        return lines + reach + namespaces + ["", wrap("Kernel: \(report.kernelWords)."), wrap(report.countLine)]
    }

    /// How many lines say who can reach what.
    private static let reaches = 20

    private var reach: [String] {
        let lines = report.difference.reach.lines(atMost: Self.reaches)
        guard !lines.isEmpty else { return [] }
        return ["", paint("Who can reach what:", .bold)]
            + lines.map { wrap($0.sign, $0.text, $0.sign == "+" ? .green : $0.sign == "-" ? .red : nil) }
    }

    private var namespaces: [String] {
        guard report.isLong else { return [] }
        let column = min(Self.labelWidth, report.namespaces.map(\.namespace.count).max() ?? 0)
        return ["", paint("By namespace:", .bold)]
            + report.namespaces.map { wrap("  \(padded($0.namespace, column)) \($0.counts)", indent: column + 3) }
    }

    private var drift: [String] {
        report.difference.drift.map {
            wrap("-", "\($0), which somebody else put there; \(PlanWording.driftEffect)", .red)
        }
    }

    private func settings(_ changes: [SettingChange]) -> [String] {
        changes.map { change in
            change.isDangerous ? wrap("~ !", change.line.text, .boldRed) : wrap("~", change.line.text, .yellow)
        }
    }

    private func services(_ services: [PortDifference]) -> [String] {
        let rows = services.map { (service: $0, lines: report.wording.lines($0, limit: Self.endpoints)) }
        let column =
            rows.filter { isBesideName($0.lines, $0.service) && $0.service.name.label.count <= Self.labelWidth }
            .map(\.service.name.label.count).max() ?? 0
        return rows.flatMap { lines(of: $0.service, $0.lines, column) }
    }

    /// A service of one harmless change takes one line; of several, one for each.
    private func lines(of service: PortDifference, _ lines: [PlanLine], _ column: Int) -> [String] {
        let color: TerminalStyle =
            switch service.action {
            case .add: .green
            case .change: .yellow
            case .remove: .red
            }
        var (head, rest) = (service.name.label, lines[...])
        if isBesideName(lines, service) { head = padded(head, column) + " " + rest.removeFirst().text }
        return [wrap(service.sign, head, color)]
            + rest.map { $0.isDangerous ? wrap("  !", $0.text, .boldRed) : wrap("   ", $0.text, nil) }
    }

    /// Whether the first line stands beside the name: of one that changes only where it is the only one.
    private func isBesideName(_ lines: [PlanLine], _ service: PortDifference) -> Bool {
        lines.first?.isDangerous == false && (service.action != .change || lines.count == 1)
    }

    private func padded(_ text: String, _ column: Int) -> String {
        text + String(repeating: " ", count: max(0, column - text.count))
    }

    private func paint(_ text: String, _ color: TerminalStyle?) -> String {
        guard isColored, let color else { return text }
        return color.applied(to: text)
    }

    /// Breaks a line between words; the rest is indented.
    private func wrap(_ sign: String, _ text: String, _ color: TerminalStyle?) -> String {
        // Names that stand in the kernel may be anybody's.
        let lines = wrapping.lines("\(sign) \(text.printable)", indent: sign.count + 5)
        // Only the sign is coloured, and all of a danger.
        if color == .boldRed { return lines.map { paint($0, color) }.joined(separator: "\n") }
        return paint(sign, color) + lines.joined(separator: "\n").dropFirst(sign.count)
    }

    private func wrap(_ text: String, indent: Int = 4) -> String {
        wrapping.lines(text, indent: indent).joined(separator: "\n")
    }
}

extension PortDifference {
    /// `+`, `~` or `-`
    var sign: String {
        switch action {
        case .add: "+"
        case .change: "~"
        case .remove: "-"
        }
    }
}
