// SPDX-License-Identifier: Apache-2.0

import FerrulePictures
import Testing

struct WayPictureTests {
    private static let longName = String(repeating: "a-name-that-goes-on", count: 13) + ".svc"
    private static let longWord = String(repeating: "x", count: 250)

    /// A picture in which every text is the one given.
    private static func picture(_ text: String, ends: Int, rest: Int = 0) -> WayPicture {
        let step = WayPicture.Step(chain: text, rule: text, element: text, why: text)
        let share = 1 / Double(ends + rest)
        let end = WayPicture.End(
            kind: .endpoint, name: text, detail: text, remedy: nil, marks: [text, "sticky"], steps: [step],
            share: share, shareText: ends + rest == 1 ? nil : "0.1 %")
        let lost = WayPicture.End(
            kind: .dropped, name: "is dropped", detail: text, remedy: text, marks: [], steps: [], share: share,
            shareText: ends == 1 ? nil : "0.1 %")
        return WayPicture(
            subject: text, predicate: text, source: WayPicture.Place(name: text, detail: text),
            entrance: WayPicture.Place(name: text, detail: text), steps: [step, step],
            ends: Array(repeating: end, count: ends - 1) + [ends.isMultiple(of: 2) ? lost : end],
            rest: rest == 0
                ? nil : WayPicture.Rest(name: text, details: [text, text], share: 1, shareText: "99.9 %"),
            closing: [step])
    }

    private static let names = ["shop/web:http", longName, longWord, "short and " + longName + " and more"]

    @Test("every text is all there, within the drawing, and none lies over another", arguments: names, [1, 4, 12])
    func hasRoom(name: String, ends: Int) throws {
        let document = ParsedDocument(Self.picture(name, ends: ends, rest: ends > 4 ? 988 : 0).svg)
        #expect(document.mistake == nil)
        let root = try #require(document.elements.first)
        let width = try #require(Double(root.attributes["width"] ?? ""))
        let height = try #require(Double(root.attributes["height"] ?? ""))
        let lines = document.all("text").compactMap(Line.init)
        #expect(lines.count == document.all("text").count && lines.count > 10)
        let outside = lines.count { $0.left < 0 || $0.right > width || $0.top < 0 || $0.bottom > height }
        #expect(outside == 0)
        let overlaps = lines.indices.reduce(0) { count, one in
            count + lines[(one + 1)...].count { $0.overlaps(lines[one]) }
        }
        #expect(overlaps == 0)
        let letters = lines.map(\.text).joined().filter { $0 != " " }
        let count = letters.ranges(of: name.filter { $0 != " " }).count
        #expect(count >= 10 + ends, "\(count)")
    }

    @Test("boxes hold the lines that begin in them", arguments: names)
    func boxesHoldTexts(name: String) throws {
        let document = ParsedDocument(Self.picture(name, ends: 4, rest: 3).svg)
        let boxes = document.all("rect").compactMap(Box.init)
        #expect(boxes.count > 10)
        let strays = document.all("text").compactMap(Line.init).count { line in
            boxes.contains { box in
                box.left < line.left && line.left < box.right && box.top < line.bottom && line.top < box.bottom
                    && (line.right > box.right || line.bottom > box.bottom || line.top < box.top)
            }
        }
        #expect(strays == 0)
    }

    @Test("no text becomes markup or commands its reader", arguments: Hostile.texts)
    func hostile(text: String) {
        let svg = Self.picture(text, ends: 4, rest: 3).svg
        let document = ParsedDocument(svg)
        #expect(document.mistake == nil)
        #expect(Set(document.elements.map(\.name)) == ["svg", "title", "style", "rect", "path", "circle", "text"])
        #expect(!Hostile.commands(svg))
    }

    @Test("other scripts are pressed into the room that they were given")
    func pressesGuesses() {
        let document = ParsedDocument(Self.picture("名前空間", ends: 1).svg)
        let guesses = document.all("text").filter { $0.text.contains("名") }
        #expect(guesses.count > 5 && guesses.allSatisfy { $0.attributes["textLength"] != nil })
    }

    @Test("nothing is fetched")
    func standsAlone() {
        let svg = Self.picture("shop/web", ends: 2).svg
        for link in ["href", "url(", "@import", "src="] { #expect(!svg.contains(link)) }
        #expect(svg.ranges(of: "http").count == 1, "the name of the language alone")
    }
}

/// A text of a drawing, as wide as the narrow fonts would have it: a test for room that is generous to it.
private struct Line {
    let text: String
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    init?(_ element: ParsedDocument.Element) {
        let sizes: [String: Double] = [
            "title": 19, "name": 15, "prose": 14, "strong": 14, "code": 12, "chain": 12, "label": 11.5,
        ]
        guard let x = element.attributes["x"].flatMap(Double.init),
            let y = element.attributes["y"].flatMap(Double.init),
            let face = element.attributes["class"]?.split(separator: " ").first, let size = sizes[String(face)]
        else { return nil }
        text = element.text
        let isMonospaced = ["name", "code", "chain"].contains(face)
        let width = Double(text.count) * size * (isMonospaced ? 0.6 : 0.45)
        left = element.attributes["text-anchor"] == "middle" ? x - width / 2 : x
        right = left + width
        (top, bottom) = (y - size * 0.7, y + size * 0.2)
    }

    func overlaps(_ other: Line) -> Bool {
        left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
}

private struct Box {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    init?(_ element: ParsedDocument.Element) {
        let numbers = ["x", "y", "width", "height"].compactMap { element.attributes[$0].flatMap(Double.init) }
        guard numbers.count == 4 else { return nil }
        (left, top, right, bottom) = (numbers[0], numbers[1], numbers[0] + numbers[2], numbers[1] + numbers[3])
    }
}
