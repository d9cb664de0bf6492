// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// Shapes of a drawing, in its coordinates: lines lie below panels, those below small boxes, and all below texts.
struct Canvas {
    private var strokes: [Shape] = []
    private var panels: [Shape] = []
    private var boxes: [Shape] = []
    private var texts: [Shape] = []

    private struct Shape {
        let name: String
        let attributes: Markup.Attributes
        var content: String?
    }

    /// A line.
    ///
    /// - Parameter path: in the language of the attribute `d` of SVG.
    mutating func stroke(_ path: String, _ color: Palette, width: Double) {
        strokes.append(
            Shape(
                name: "path",
                attributes: [
                    ("class", "stroke-\(color.rawValue)"), ("d", path), ("fill", "none"),
                    ("stroke-width", number(width)),
                ]))
    }

    /// A rectangle with round corners that boxes lie on.
    mutating func panel(_ area: Area, fill: Palette, border: Palette, isDashed: Bool = false) {
        panels.append(Canvas.rectangle(area, radius: 9, fill, border, isDashed))
    }

    /// A small one.
    mutating func box(_ area: Area, radius: Double, fill: Palette) {
        boxes.append(Canvas.rectangle(area, radius: radius, fill, nil, false))
    }

    struct Area {
        let x: Double
        let y: Double
        let width: Double
        let height: Double
    }

    private static func rectangle(
        _ area: Area, radius: Double, _ fill: Palette, _ border: Palette?, _ isDashed: Bool
    ) -> Shape {
        Shape(
            name: "rect",
            attributes: [
                ("class", "fill-\(fill.rawValue)" + (border.map { " stroke-\($0.rawValue)" } ?? "")),
                ("x", number(area.x)), ("y", number(area.y)), ("width", number(area.width)),
                ("height", number(area.height)), ("rx", number(radius)), ("stroke-dasharray", isDashed ? "4 4" : nil),
            ])
    }

    mutating func dot(x: Double, y: Double, radius: Double, fill: Palette, border: Palette) {
        boxes.append(
            Shape(
                name: "circle",
                attributes: [
                    ("class", "fill-\(fill.rawValue) stroke-\(border.rawValue)"), ("cx", number(x)), ("cy", number(y)),
                    ("r", number(radius)), ("stroke-width", "2.5"),
                ]))
    }

    /// A line of text.
    ///
    /// - Parameters:
    ///   - x: where it begins, or its middle.
    ///   - y: of its base line.
    mutating func text(
        _ text: String, _ typeface: Typeface, _ color: Palette, x: Double, y: Double, isCentered: Bool = false
    ) {
        let text = text.printable
        let isGuess = Typeface.isGuess(text)
        texts.append(
            Shape(
                name: "text",
                attributes: [
                    ("class", "\(typeface.name) fill-\(color.rawValue)"), ("x", number(x)), ("y", number(y)),
                    ("text-anchor", isCentered ? "middle" : nil),
                    ("textLength", isGuess ? number(typeface.width(of: text)) : nil),
                    ("lengthAdjust", isGuess ? "spacingAndGlyphs" : nil),
                ], content: text))
    }

    /// Adds all shapes to a document.
    func draw(on markup: inout Markup) {
        for shape in strokes + panels + boxes + texts {
            if let content = shape.content {
                markup.line(shape.name, shape.attributes, content)
            } else {
                markup.void(shape.name, shape.attributes)
            }
        }
    }
}

/// With one decimal at most.
func number(_ value: Double) -> String {
    let (whole, tenth) = Int((value * 10).rounded()).quotientAndRemainder(dividingBy: 10)
    return tenth == 0 ? "\(whole)" : "\(whole).\(tenth)"
}
