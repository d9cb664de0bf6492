// SPDX-License-Identifier: Apache-2.0

import FerrulePictures
import FerruleTestSupport
import FerruleText
import Foundation
import Testing

struct PlanPageTests {
    private static func item(_ name: String, endpoints: Int = 1, isDangerous: Bool = false) -> PlanPage.Item {
        func side(_ isOther: Bool) -> PlanPage.Side {
            let entrance = PlanPage.Entrance(
                place: name, destination: name, isOther: isOther,
                endpoints: Array(repeating: PlanPage.Endpoint(name: name, isOther: isOther), count: endpoints), more: 9)
            return PlanPage.Side(entrances: [entrance], absence: name)
        }
        return PlanPage.Item(
            name: name, kind: .change, isDangerous: isDangerous,
            changes: [PlanPage.Change(text: name, isDangerous: isDangerous)],
            ways: PlanPage.Ways(before: side(true), after: side(false)))
    }

    private static func page(_ text: String, _ items: [PlanPage.Item]) -> PlanPage {
        PlanPage(
            title: text, summary: text, tallies: [PlanPage.Tally(count: 1, words: text, kind: nil)], notes: [text],
            groups: [PlanPage.Group(title: text, items: items)],
            reach: [PlanPage.Kind.add, .remove, nil].map { PlanPage.Reach(kind: $0, text: text) },
            namespaces: Array(repeating: PlanPage.Namespace(name: text, counts: [1, 2, 3, 4]), count: 2), kernel: text,
            warnings: [text])
    }

    @Test("no text becomes markup or commands its reader", arguments: Hostile.texts)
    func hostile(text: String) {
        let plain = ParsedDocument(Self.page("name", [Self.item("name", isDangerous: true), Self.item("name")]).html)
        let html = Self.page(text, [Self.item(text, isDangerous: true), Self.item(text)]).html
        let document = ParsedDocument(html)
        #expect(document.mistake == nil && plain.mistake == nil)
        #expect(document.elements.map(\.name) == plain.elements.map(\.name))
        #expect(!Hostile.commands(html))
    }

    @Test("nothing is fetched, and there is no other script than the page's own")
    func standsAlone() {
        let html = Self.page("shop/web", [Self.item("shop/web"), Self.item("shop/cart")]).html
        for link in ["href", "url(", "@import", "src=", "://"] { #expect(!html.contains(link)) }
        #expect(ParsedDocument(html).all("script").count == 1)
        #expect(html.contains("default-src 'none'"))
    }

    @Test("where no script runs, all is shown, and no filter is offered that would not work")
    func needsNoScript() throws {
        let document = ParsedDocument(Self.page("shop/web", [Self.item("shop/web"), Self.item("shop/cart")]).html)
        #expect(document.elements.filter { $0.attributes["hidden"] != nil }.map(\.name) == ["form"])
        // What was chosen before does not stay chosen where a browser loads it again: the script shows all at first.
        #expect(document.all("form").allSatisfy { $0.attributes["autocomplete"] == "off" })
        let labels = document.all("label").map(\.text)
        #expect(labels.count == document.all("input").count && labels.allSatisfy { $0.contains { $0.isLetter } })
    }

    @Test("10,001 services: the page stays within its size, first without ways, then by number alone")
    func isBounded() throws {
        let names = (0..<10_001).map { "namespace-\($0 % 50)/service-\($0):http" }
        let html = Self.page("plan", names.map { Self.item($0, endpoints: 24) }).html
        let document = ParsedDocument(html)
        #expect(document.mistake == nil)
        let articles = document.all("article").count
        let open = document.all("details").count
        #expect(html.utf8.count < PlanPage.limit + 100_000)
        #expect((500..<2_000).contains(open) && (9_000...10_001).contains(articles), "\(open) of \(articles)")

        let long = String(repeating: "x", count: 2_000)
        let cut = Self.page("plan", (0..<5_000).map { Self.item("\($0)\(long)") }).html
        #expect(cut.utf8.count < PlanPage.limit + 100_000)
        let shown = ParsedDocument(cut).all("article").count
        #expect(cut.contains("And \((5_000 - shown).grouped) more"), "\(shown)")
        // The filter counts what is shown, and says so where that is not all.
        let (script, mark) = ("document.getElementById(\"left-out\")", " id=\"left-out\">And ")
        let whole = Self.page("plan", [Self.item("a"), Self.item("b")]).html
        #expect(cut.contains(script) && cut.contains(mark) && whole.contains(script) && !whole.contains(mark))
    }

    @Test("who can reach what stands behind the changes, gains and losses told apart")
    func reach() throws {
        let html = Self.page("outside can now reach shop/web", [Self.item("shop/web")]).html
        let list = try #require(
            html.firstMatch(of: /<h2>Who can reach what<\/h2>\s*<ul class="reach">(?<items>[^|]*?)<\/ul>/))
        let classes = list.output.items.matches(of: /<li(?: class="([a-z]+)")?>outside can now reach shop\/web<\/li>/)
        #expect(classes.map { $0.output.1.map(String.init) } == ["add", "remove", nil])
        let last = try #require(html.ranges(of: "</article>").last)
        #expect(last.upperBound < list.range.lowerBound)

        var page = Self.page("name", [Self.item("name")])
        page.reach = []
        #expect(!page.html.contains("Who can reach what"))
    }

    @Test("text has a contrast of at least 4.5 on its ground, in both schemes")
    func contrast() throws {
        let html = Self.page("name", []).html
        let schemes = html.matches(of: /:root \{ (--[^}]*)\}/).map { scheme in
            Dictionary(
                uniqueKeysWithValues: scheme.1.matches(of: /--([a-z-]+): #([0-9a-f]{6});/).map {
                    (String($0.1), Color(String($0.2)))
                })
        }
        #expect(schemes.count == 2)
        let grounds = ["paper", "card", "tint"]
        let pairs =
            ["ink", "muted"].flatMap { ink in grounds.map { (ink, $0) } }
            + ["accent", "bad"].flatMap { ink in ["paper", "card"].map { (ink, $0) } }
            + ["good", "bad", "change"].map { ($0, "\($0)-tint") } + [("ink", "bad-tint")]
        for (scheme, colors) in schemes.enumerated() {
            for (ink, ground) in pairs {
                let contrast = try #require(colors[ink]).contrast(try #require(colors[ground]))
                #expect(contrast >= 4.5, "\(ink) on \(ground), scheme \(scheme): \(contrast)")
            }
        }
    }

    @Test("the drawings and pages among the golden cases are well-formed")
    func goldens() throws {
        let folder = Project.url("golden")
        let files = Project.files(below: folder).filter { $0.hasSuffix(".svg") || $0.hasSuffix(".html") }
        #expect(files.count >= 6)
        for file in files {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            #expect(ParsedDocument(text).mistake == nil, "\(file)")
        }
    }
}

/// A colour of sRGB.
private struct Color {
    let red: Double
    let green: Double
    let blue: Double

    /// - Parameter text: six hexadecimal digits.
    init(_ text: String) {
        let value = Int(text, radix: 16) ?? 0
        (red, green, blue) = (Double(value >> 16) / 255, Double(value >> 8 & 255) / 255, Double(value & 255) / 255)
    }

    /// As WCAG 2.2 defines it.
    private var luminance: Double {
        func linear(_ part: Double) -> Double { part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    func contrast(_ other: Color) -> Double {
        let (one, two) = (luminance, other.luminance)
        return (max(one, two) + 0.05) / (min(one, two) + 0.05)
    }
}
