// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerrulePlanner

/// A plan as a comment of a pull request.
struct PlanMarkdown {
    /// What GitHub takes as a comment.
    static let limit = 65_536
    /// Room for the lines that say that something is left out.
    private static let reserve = 500
    /// How many endpoints a row of the table names; the details name all.
    private static let endpoints = 4

    private let report: PlanReport

    init(_ report: PlanReport) { self.report = report }

    var text: String {
        let difference = report.difference
        guard !difference.isEmpty else {
            let work = report.work.isEmpty ? "" : "\n\nIn the kernel, without effect on traffic: \(report.work.words)."
            return "### Ferrule plan: no changes" + work
        }
        var text = "### Ferrule plan: \(report.counts)\n\n"
        if difference.dangerCount > 0 {
            text += "**\(counted(difference.dangerCount, "dangerous change")), marked `!`: look twice.**\n\n"
        }
        text += "| | what | change |\n| --- | --- | --- |\n"
        let folds = [kernel, endpointLists].filter { !$0.isEmpty }
        var size = text.count + kernel.count + Self.reserve
        var hidden = 0
        for row in rows {
            guard hidden == 0, size + row.count <= Self.limit else {
                hidden += 1
                continue
            }
            text += row
            size += row.count
        }
        if hidden > 0 { text += "\n**Cut here**: \(counted(hidden, "more row")) would not fit; \(Self.advice).\n" }
        for fold in folds {
            if hidden == 0, text.count + fold.count + Self.reserve > Self.limit {
                text += "\nThe lists of endpoints are left out, for they would not fit; \(Self.advice).\n"
            } else if hidden == 0 || fold == kernel {
                text += fold
            }
        }
        return String(text.dropLast())
    }

    private static let advice =
        "a comment holds \(limit) characters. `ferrule plan` with `--format text` shows everything"

    /// Dangerous ones first.
    private var rows: [String] {
        let difference = report.difference
        func rows(_ isDangerous: Bool) -> [String] {
            difference.settings.filter { $0.isDangerous == isDangerous }.map { row("~", "all services", [$0.line]) }
                + difference.services.filter { $0.isDangerous == isDangerous }.map { service in
                    row(service.sign, code(service.label), service.lines(limit: Self.endpoints))
                }
        }
        return rows(true) + rows(false)
            + difference.drift.map {
                row("-", escaped($0), [PlanLine(text: "put there by somebody else", danger: nil)])
            }
    }

    private func row(_ sign: String, _ name: String, _ lines: [PlanLine]) -> String {
        let texts = lines.map { line in
            line.danger.map { "**\(escaped(line.text)): \($0)**" } ?? escaped(line.text)
        }
        let mark = lines.contains { $0.danger != nil } ? "`\(sign)` `!`" : "`\(sign)`"
        return "| \(mark) | \(name) | \(texts.joined(separator: "<br>")) |\n"
    }

    private var kernel: String {
        fold("Kernel operations", "\(report.work.words)\n")
    }

    /// Every endpoint that comes or goes.
    private var endpointLists: String {
        var text = ""
        for service in report.difference.services {
            let names = endpoints(of: service)
            if !names.isEmpty { text += "\(service.sign) \(service.label.printable)\n\(names)" }
        }
        return text.isEmpty ? "" : fold("Endpoints", "```diff\n\(text)```\n")
    }

    private func endpoints(of service: ServiceDifference) -> String {
        var text = ""
        var known: Set<Endpoint> = []
        for change in service.changes {
            switch change.kind {
            case .opened(let view):
                let new = Set(view.pods.endpoints + view.outside.endpoints).subtracting(known).sorted()
                known.formUnion(new)
                text += new.map { "+   \($0)\n" }.joined()
            case .closed(let view) where service.action == .remove:
                let gone = Set(view.pods.endpoints + view.outside.endpoints).subtracting(known).sorted()
                known.formUnion(gone)
                text += gone.map { "-   \($0)\n" }.joined()
            case .endpoints(let change):
                text += change.removed.filter { known.insert($0).inserted }.map { "-   \($0)\n" }.joined()
                text += change.added.filter { known.insert($0).inserted }.map { "+   \($0)\n" }.joined()
            default: continue
            }
        }
        return text
    }

    private func fold(_ title: String, _ content: String) -> String {
        "\n<details>\n<summary>\(title)</summary>\n\n\(content)\n</details>\n"
    }

    private func code(_ text: String) -> String {
        "`\(text.printable.replacing("`", with: "'").replacing("|", with: "\\|"))`"
    }

    /// Text of which nothing is markup.
    private func escaped(_ text: String) -> String {
        text.printable.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("|", with: "\\|")
            .replacing("*", with: "\\*")
    }
}
