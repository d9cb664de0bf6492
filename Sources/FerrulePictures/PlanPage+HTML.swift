// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

extension PlanPage {
    /// How many bytes a page has at most, but for its frame: what a browser opens in a moment.
    package static let limit = 6_000_000
    /// How many bytes of it may have been taken where services still show their ways.
    private static let waysLimit = 3_000_000
    /// How many namespaces the table lists.
    private static let namespacesShown = 500
    /// By which the script knows that the page has not all changes.
    static let leftOut = "left-out"
    /// Up to how many services the ways stand open.
    private static let openLimit = 20

    /// The page as an HTML file that is XML too, without a line feed at its end. It fetches nothing, and shows everything
    /// where no script runs.
    package var html: String {
        var markup = Markup(prologue: "<!DOCTYPE html>")
        markup.block("html", [("lang", "en")]) { markup in
            markup.block("head") { head(&$0) }
            markup.block("body") { markup in
                markup.block("header") { header(&$0) }
                markup.block("main") { main(&$0) }
                markup.block("script", verbatim: PlanPage.script)
            }
        }
        return markup.text
    }

    private func head(_ markup: inout Markup) {
        markup.void("meta", [("charset", "utf-8")])
        markup.void("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
        markup.void("meta", [("name", "color-scheme"), ("content", "light dark")])
        // A browser that obeys fetches nothing, whatever stands in the rest.
        markup.void(
            "meta",
            [
                ("http-equiv", "Content-Security-Policy"),
                ("content", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"),
            ])
        markup.line("title", "\(title): \(summary)")
        markup.block("style", verbatim: PlanPage.styleSheet)
    }

    private func header(_ markup: inout Markup) {
        markup.line("h1", title)
        if tallies.isEmpty {
            markup.line("p", [("class", "summary")], summary)
        } else {
            markup.block("ul", [("class", "tallies")]) { markup in
                for tally in tallies {
                    let name = tally.count == 0 ? "none" : tally.kind?.rawValue ?? "dangerous"
                    markup.line("li", [("class", name)]) { markup in
                        markup.line("b", tally.count.grouped)
                        markup.text(" \(tally.words)")
                    }
                }
            }
        }
        for note in notes { markup.line("p", [("class", "note")], note) }
    }

    private func main(_ markup: inout Markup) {
        let count = groups.reduce(0) { $0 + $1.items.count }
        if count > 1 { filter(&markup, count) }
        var left = 0
        for group in groups where !group.items.isEmpty {
            markup.block("section", [("class", "group")]) { markup in
                markup.line("h2", group.title)
                for item in group.items {
                    if markup.size < Self.limit {
                        article(&markup, item, isOpen: count <= Self.openLimit)
                    } else {
                        left += 1
                    }
                }
            }
        }
        if left > 0 {
            markup.line(
                "p", [("class", "note"), ("id", Self.leftOut)],
                "And \(left.grouped) more, which a page has no room for: ferrule plan with --format text shows all.")
        }
        if !reach.isEmpty { markup.block("section") { reachList(&$0) } }
        if namespaces.count > 1 { markup.block("section") { namespaceTable(&$0) } }
        if !kernel.isEmpty {
            markup.block("section") { markup in
                markup.line("h2", "Kernel")
                markup.line("p", kernel)
            }
        }
        if !warnings.isEmpty {
            markup.block("section") { markup in
                markup.line("h2", "Warnings")
                markup.block("ul") { markup in
                    for warning in warnings { markup.line("li", warning) }
                }
            }
        }
    }

    /// Shown by the script that it needs.
    private func filter(_ markup: inout Markup, _ count: Int) {
        let attributes: Markup.Attributes = [
            ("id", "filter"), ("role", "search"), ("aria-label", "Filter"), ("hidden", "hidden"),
            // What a browser keeps over a reload, as Firefox does with boxes, would not be what is shown.
            ("autocomplete", "off"),
        ]
        markup.block("form", attributes) { markup in
            markup.line("label", [("class", "text")]) { markup in
                markup.line("span", "Namespace or name")
                markup.void("input", [("type", "search"), ("name", "text")])
            }
            markup.block("fieldset") { markup in
                markup.line("legend", "Kind of change")
                for kind in Kind.allCases {
                    markup.line("label") { markup in
                        markup.void(
                            "input",
                            [("type", "checkbox"), ("name", "kind"), ("value", kind.rawValue), ("checked", "checked")])
                        markup.text(" \(kind.rawValue)")
                    }
                }
            }
            markup.line("label", [("class", "danger-alone")]) { markup in
                markup.void("input", [("type", "checkbox"), ("name", "dangerous")])
                markup.text(" dangerous alone")
            }
            markup.line("output", [("name", "count"), ("aria-live", "polite")], counted(count, "change"))
        }
    }

    private func article(_ markup: inout Markup, _ item: Item, isOpen: Bool) {
        let attributes: Markup.Attributes = [
            ("class", item.isDangerous ? "\(item.kind.rawValue) dangerous" : item.kind.rawValue),
            ("data-kind", item.kind.rawValue),
        ]
        let showsWays = markup.size < Self.waysLimit
        markup.block("article", attributes) { markup in
            markup.line("h3") { markup in
                markup.line("span", [("class", "kind")], item.kind.rawValue)
                markup.text(" ")
                markup.line("code", item.name)
            }
            markup.block("ul", [("class", "changes")]) { markup in
                for change in item.changes {
                    if change.isDangerous {
                        markup.line("li") { $0.line("strong", change.text) }
                    } else {
                        markup.line("li", change.text)
                    }
                }
            }
            guard let ways = item.ways, showsWays else { return }
            markup.block("details", [("open", isOpen ? "open" : nil)]) { markup in
                markup.line("summary", "Before and after")
                markup.block("div", [("class", "ways")]) { markup in
                    side(&markup, "before", "Before", ways.before)
                    side(&markup, "after", "After", ways.after)
                }
            }
        }
    }

    private func side(_ markup: inout Markup, _ name: String, _ title: String, _ side: Side) {
        markup.block("div", [("class", name)]) { markup in
            markup.line("h4", title)
            guard !side.entrances.isEmpty else { return markup.line("p", [("class", "absence")], side.absence) }
            markup.block("ul", [("class", "entrances")]) { markup in
                for entrance in side.entrances { self.entrance(&markup, entrance) }
            }
        }
    }

    private func entrance(_ markup: inout Markup, _ entrance: Entrance) {
        markup.block("li", [("class", entrance.isOther ? "other" : nil)]) { markup in
            markup.line("code", [("class", "place")], entrance.place)
            markup.block("div", [("class", "reached")]) { markup in
                markup.line("p", entrance.destination)
                guard !entrance.endpoints.isEmpty else { return }
                markup.line("ul", [("class", "endpoints")]) { markup in
                    for endpoint in entrance.endpoints {
                        markup.line("li", [("class", endpoint.isOther ? "other" : nil)], endpoint.name)
                    }
                    if entrance.more > 0 {
                        markup.line("li", [("class", "more")], "and \(entrance.more.grouped) more")
                    }
                }
            }
        }
    }

    private func reachList(_ markup: inout Markup) {
        markup.line("h2", "Who can reach what")
        markup.block("ul", [("class", "reach")]) { markup in
            for item in reach { markup.line("li", [("class", item.kind?.rawValue)], item.text) }
        }
    }

    private func namespaceTable(_ markup: inout Markup) {
        markup.line("h2", "By namespace")
        markup.block("table") { markup in
            markup.block("thead") { markup in
                markup.line("tr") { markup in
                    for title in ["namespace", "to add", "to change", "to remove", "dangerous"] {
                        markup.line("th", [("scope", "col")], title)
                    }
                }
            }
            markup.block("tbody") { markup in
                for namespace in namespaces.prefix(Self.namespacesShown) {
                    markup.line("tr") { markup in
                        markup.line("th", [("scope", "row")], namespace.name)
                        for count in namespace.counts { markup.line("td", count.grouped) }
                    }
                }
            }
        }
        let more = namespaces.count - Self.namespacesShown
        if more > 0 { markup.line("p", "And \(more.grouped) more.") }
    }
}
