// SPDX-License-Identifier: Apache-2.0

extension WayPicture {
    /// The drawing as an SVG file, without a line feed at its end. It fetches nothing.
    package var svg: String {
        let drawing = WayDrawing(self)
        var markup = Markup(prologue: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
        let (width, height) = (number(WayDrawing.width), number(drawing.height))
        markup.block(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), ("width", width), ("height", height),
                ("viewBox", "0 0 \(width) \(height)"), ("role", "img"), ("aria-labelledby", "title"),
            ]
        ) { markup in
            markup.line("title", [("id", "title")], "\(subject) \(predicate).")
            markup.block("style", verbatim: WayPicture.styleSheet)
            markup.void("rect", [("class", "fill-paper"), ("width", "100%"), ("height", "100%")])
            drawing.canvas.draw(on: &markup)
        }
        return markup.text
    }

    private static let styleSheet: String = {
        let colors = Palette.rules(indent: "    ") { scheme in
            Palette.allCases.flatMap { role in
                let color = role.color(scheme)
                return [".fill-\(role.rawValue) { fill: \(color); }", ".stroke-\(role.rawValue) { stroke: \(color); }"]
            } + ["svg { background: \(Palette.paper.color(scheme)); }"]
        }
        let texts = [
            "svg { display: block; margin: 0 auto; max-width: 100%; height: auto; color-scheme: light dark; }",
            // Letters of all scripts stand in the order in which they are stored.
            "text { direction: ltr; unicode-bidi: bidi-override; }",
        ]
        return (texts + Typeface.all.map(\.rule)).map { "    " + $0 }.joined(separator: "\n") + "\n" + colors
    }()
}
