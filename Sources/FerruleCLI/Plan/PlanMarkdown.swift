// SPDX-License-Identifier: Apache-2.0

internal import FerruleDiagnostics
internal import FerruleNetwork
internal import FerrulePlanner
internal import FerruleText

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
        let notes = report.notes.map { "**\(escaped($0))**\n\n" }.joined()
        guard !difference.isEmpty else {
            let work =
                report.work.isEmpty
                ? "\n" : "\n\nIn the kernel, without effect on traffic: \(report.kernelWords).\n"
            return String(("### Ferrule plan: no changes\n\n" + notes).dropLast(2) + work + warnings).trimmingEnd()
        }
        var text = "### Ferrule plan: \(report.counts)\n\n" + notes
        if difference.dangerCount > 0 {
            text += "**\(counted(difference.dangerCount, "dangerous change")), marked `!`: look twice.**\n\n"
        }
        text += "| | what | change |\n| --- | --- | --- |\n"
        let kept = reach + namespaces + warnings + kernel
        let folds = [kept, endpointLists].filter { !$0.isEmpty }
        var size = text.count + kept.count + Self.reserve
        var hidden = 0
        for row in rows {
            guard size + row.count <= Self.limit else {
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
            } else if hidden == 0 || fold == kept {
                text += fold
            }
        }
        return text.trimmingEnd()
    }

    /// How many lines say who can reach what.
    private static let reaches = 10

    private var reach: String {
        let lines = report.difference.reach.lines(atMost: Self.reaches)
        guard !lines.isEmpty else { return "" }
        return "\n**Who can reach what**\n\n" + lines.map { "- \(escaped($0.text))\n" }.joined()
    }

    /// Of a long plan.
    private var namespaces: String {
        guard report.isLong else { return "" }
        return "\n| namespace | to add | to change | to remove | dangerous |\n| --- | ---: | ---: | ---: | ---: |\n"
            + report.namespaces.map {
                "| \(escaped($0.namespace)) | \($0.added) | \($0.changed) | \($0.removed) | \($0.dangerous) |\n"
            }.joined()
    }

    private var warnings: String {
        let all = report.diagnostics
        guard !all.isEmpty else { return "" }
        let items = report.warningLines.map { "- \(escaped($0))\n" }.joined()
        return fold(counted(all.total(.warning), "warning"), items)
    }

    private static let advice =
        "a comment holds \(limit) characters. `ferrule plan` with `--format text` shows everything"

    /// Dangerous ones first.
    private var rows: [String] {
        let difference = report.difference
        func rows(_ isDangerous: Bool) -> [String] {
            difference.settings.filter { $0.isDangerous == isDangerous }.map { row("~", "all services", [$0.line]) }
                + difference.services.filter { $0.isDangerous == isDangerous }.map { service in
                    row(service.sign, code(service.name.label), report.wording.lines(service, limit: Self.endpoints))
                }
        }
        return rows(true) + rows(false)
            + difference.drift.map {
                row("-", escaped($0), [PlanLine(text: "put there by somebody else; \(PlanWording.driftEffect)")])
            }
    }

    private func row(_ sign: String, _ name: String, _ lines: [PlanLine]) -> String {
        let texts = lines.map { $0.isDangerous ? "**\(escaped($0.text))**" : escaped($0.text) }
        let mark = lines.contains(where: \.isDangerous) ? "`\(sign)` `!`" : "`\(sign)`"
        return "| \(mark) | \(name) | \(texts.joined(separator: "<br>")) |\n"
    }

    private var kernel: String {
        fold("Kernel operations", "\(report.kernelWords)\n")
    }

    /// Every endpoint that comes or goes; of placeholders only how many.
    private var endpointLists: String {
        var text = ""
        for service in report.difference.services {
            let names = endpoints(of: service)
            if !names.isEmpty { text += "\(service.sign) \(service.name.label.printable)\n\(names)" }
        }
        return text.isEmpty ? "" : fold("Endpoints", "```diff\n\(text)```\n")
    }

    private func endpoints(of service: PortDifference) -> String {
        var text = ""
        var known: Set<Endpoint> = []
        func add(_ sign: String, _ endpoints: [Endpoint]) {
            let new = Set(endpoints).subtracting(known).sorted()
            known.formUnion(new)
            text += new.filter { !report.wording.isAssumed($0) }.map { "\(sign)   \($0)\n" }.joined()
            let assumed = new.count(where: report.wording.isAssumed)
            if assumed > 0 { text += "\(sign)   \(counted(assumed, "replica")) (assumed)\n" }
        }
        for change in service.changes {
            switch change.kind {
            case .opened(let view): add("+", view.pods.endpoints + view.outside.endpoints)
            case .closed(let view) where service.action == .remove:
                add("-", view.pods.endpoints + view.outside.endpoints)
            // What comes or goes on single nodes is an endpoint of others all the same.
            case .endpoints(let change) where change.places == nil:
                add("-", change.removed)
                add("+", change.added)
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

    /// Text of which nothing is markup, and nobody is called upon, nor an issue or a page. GitHub looks for these where all else
    /// is done, so that neither a backslash nor an entity hides them: a space without width does.
    private func escaped(_ text: String) -> String {
        let plain: String = text.printable.reduce(into: "") { escaped, character in
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case "@", "#": escaped += "\(character)&#8203;"
            case "\\", "`", "[", "]", "|", "*", "_", "~": escaped += "\\\(character)"
            default: escaped.append(character)
            }
        }
        return plain.replacing("://", with: ":&#8203;//").replacing("www.", with: "www&#8203;.")
    }
}

extension String {
    /// Without newlines at the end: printing adds one.
    fileprivate func trimmingEnd() -> String {
        var text = self[...]
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}
