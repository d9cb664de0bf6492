// SPDX-License-Identifier: Apache-2.0

/// Lays the way of a packet out from above to below: a line with its stops, which branches where chance decides. The width is
/// fixed, and the height what texts need, so nothing is cut.
struct WayDrawing {
    static let width = 640.0
    private static let margin = 28.0
    private static let right = width - margin
    /// Of the line, and of texts beside it.
    private static let lineX = 37.0
    private static let textX = 66.0
    /// Where the boxes of several ends begin: shares stand between the line and them.
    private static let branchX = 144.0
    private static let padding = 14.0

    private(set) var canvas = Canvas()
    /// Where the next thing begins.
    private var y = 28.0
    /// The last stop on the line.
    private var lastStop: Double?

    /// Of the drawing.
    var height: Double { y + 28 }

    init(_ picture: WayPicture) {
        heading(picture)
        place("From", picture.source)
        place("To", picture.entrance)
        for step in picture.steps { stop(step) }
        if picture.ends.count == 1, picture.rest == nil, let end = picture.ends.first {
            single(end)
        } else {
            branches(picture)
        }
        if !picture.closing.isEmpty { closing(picture.closing) }
    }

    private mutating func heading(_ picture: WayPicture) {
        let left = WayDrawing.margin
        write(picture.subject, .prose, .muted, x: left, right: WayDrawing.right)
        y += 2
        let isGood = picture.ends.contains { $0.kind == .endpoint }
        write(
            picture.predicate, .title, isGood ? .ink : picture.ends.first?.kind.ink ?? .ink, x: left,
            right: WayDrawing.right)
        y += 26
    }

    // MARK: Stops

    private mutating func place(_ label: String, _ place: WayPicture.Place) {
        stop(radius: 7, fill: .card, border: .accent)
        write(label, .label, .muted, x: WayDrawing.textX, right: WayDrawing.right)
        write(place.name, .name, .ink, x: WayDrawing.textX, right: WayDrawing.right)
        write(place.detail, .prose, .muted, x: WayDrawing.textX, right: WayDrawing.right)
        y += 20
    }

    private mutating func stop(_ step: WayPicture.Step) {
        stop(radius: 4.5, fill: .accent, border: .accent)
        write(step, x: WayDrawing.textX, right: WayDrawing.right)
        y += 18
    }

    /// Draws the line on to here.
    private mutating func stop(radius: Double, fill: Palette, border: Palette) {
        let center = y + 9
        if let lastStop {
            let x = number(WayDrawing.lineX)
            canvas.stroke("M \(x) \(number(lastStop)) V \(number(center))", .accent, width: 3)
        }
        canvas.dot(x: WayDrawing.lineX, y: center, radius: radius, fill: fill, border: border)
        lastStop = center
    }

    private mutating func write(_ step: WayPicture.Step, x: Double, right: Double) {
        write(step.chain, .chain, .accent, x: x, right: right)
        write(step.why, .prose, .ink, x: x, right: right)
        write(step.rule, .code, .muted, x: x, right: right)
        if let element = step.element { found(element, x: x, right: right) }
    }

    /// An element, on a ground of its own.
    private mutating func found(_ element: String, x: Double, right: Double) {
        y += 4
        let lines = Typeface.code.lines("found \(element)", within: right - x - 16)
        let width = lines.map(Typeface.code.width(of:)).max() ?? 0
        let height = Typeface.code.leading * Double(lines.count) + 4
        canvas.box(Canvas.Area(x: x, y: y, width: width + 16, height: height), radius: 5, fill: .tint)
        y += 2
        write(lines, .code, .ink, x: x + 8)
        y += 2
    }

    // MARK: Ends

    private mutating func single(_ end: WayPicture.End) {
        let top = y
        if let lastStop {
            canvas.stroke(
                "M \(number(WayDrawing.lineX)) \(number(lastStop)) V \(number(top + 23)) H \(number(WayDrawing.textX))",
                end.kind.line, width: 3)
        }
        box(end, x: WayDrawing.textX)
        lastStop = nil
    }

    private mutating func branches(_ picture: WayPicture) {
        let start = lastStop ?? y
        for end in picture.ends {
            branch(from: start, end.kind.line, end.share, end.shareText ?? "", isDashed: false)
            box(end, x: WayDrawing.branchX)
            y += 10
        }
        if let rest = picture.rest {
            branch(from: start, .muted, rest.share, rest.shareText, isDashed: true)
            let top = beginBox()
            let (x, right) = WayDrawing.inside(WayDrawing.branchX)
            write(rest.name, .strong, .ink, x: x, right: right)
            for detail in rest.details { write(detail, .prose, .muted, x: x, right: right) }
            endBox(top, x: WayDrawing.branchX, fill: .card, border: .edge, isDashed: true)
            y += 10
        }
        y -= 10
        lastStop = start
    }

    /// A line that leaves the others for what begins here, as wide as its share.
    private mutating func branch(
        from start: Double, _ color: Palette, _ share: Double, _ shareText: String, isDashed: Bool
    ) {
        let (center, bend) = (y + 23, 12.0)
        let x = WayDrawing.lineX
        canvas.stroke(
            "M \(number(x)) \(number(start)) V \(number(center - bend)) "
                + "Q \(number(x)) \(number(center)) \(number(x + bend)) \(number(center)) H \(number(WayDrawing.branchX))",
            color, width: 1.5 + 5 * share, isDashed: isDashed)
        // On the line, with a ground that parts it from the text.
        let width = Typeface.label.width(of: shareText)
        let middle = (x + bend + WayDrawing.branchX) / 2
        canvas.box(
            Canvas.Area(x: middle - width / 2 - 6, y: center - 10, width: width + 12, height: 20), radius: 10,
            fill: .paper)
        canvas.text(shareText, .label, .ink, x: middle - width / 2, y: center + 4)
    }

    private mutating func box(_ end: WayPicture.End, x left: Double) {
        let top = beginBox()
        let (x, right) = WayDrawing.inside(left)
        let endOfName = write(end.name, end.kind == .endpoint ? .name : .strong, end.kind.ink, x: x, right: right)
        marks(end.marks, behind: endOfName, x: x, right: right)
        write(end.detail, .prose, end.kind == .endpoint ? .muted : .ink, x: x, right: right)
        for step in end.steps { write(of: step, x: x, right: right) }
        if let remedy = end.remedy {
            y += 8
            write(remedy, .strong, .ink, x: x, right: right)
        }
        endBox(top, x: left, fill: end.kind.ground, border: end.kind.border)
    }

    /// A step of one way alone, in brief.
    private mutating func write(of step: WayPicture.Step, x left: Double, right: Double) {
        y += 6
        let found = step.element.map { "found \($0)" } ?? ""
        let x = left + Typeface.chain.width(of: step.chain) + 10
        if x + Typeface.code.width(of: found) <= right {
            write([step.chain], .chain, .accent, x: left)
            y -= Typeface.chain.leading
            write([found], .code, .muted, x: x)
        } else {
            write(step.chain, .chain, .accent, x: left, right: right)
            write(found, .code, .muted, x: left, right: right)
        }
        write(step.why, .prose, .ink, x: left, right: right)
    }

    /// Small words on grounds of their own, behind the name where there is room, or below it.
    private mutating func marks(_ marks: [String], behind end: Double, x left: Double, right: Double) {
        var x = end + 12
        var base = y - Typeface.name.leading
        for mark in marks {
            for (number, line) in Typeface.label.lines(mark, within: right - left - 16).enumerated() {
                let width = Typeface.label.width(of: line) + 16
                if x + width > right || number > 0 { (x, base) = (left, y) }
                if base == y { y += Typeface.name.leading }
                canvas.box(Canvas.Area(x: x, y: base + 1, width: width, height: 20), radius: 10, fill: .changeTint)
                canvas.text(line, .label, .change, x: x + 8, y: base + 15)
                x += width + 8
            }
        }
    }

    private mutating func beginBox() -> Double {
        let top = y
        y += 12
        return top
    }

    private mutating func endBox(_ top: Double, x: Double, fill: Palette, border: Palette, isDashed: Bool = false) {
        y += 12
        let area = Canvas.Area(x: x, y: top, width: WayDrawing.right - x, height: y - top)
        canvas.panel(area, fill: fill, border: border, isDashed: isDashed)
    }

    private static func inside(_ left: Double) -> (x: Double, right: Double) {
        (left + padding, right - padding)
    }

    private mutating func closing(_ steps: [WayPicture.Step]) {
        y += 26
        write("Whichever it is", .label, .muted, x: WayDrawing.textX, right: WayDrawing.right)
        y += 4
        for step in steps {
            canvas.dot(x: WayDrawing.lineX, y: y + 9, radius: 4.5, fill: .paper, border: .accent)
            write(step, x: WayDrawing.textX, right: WayDrawing.right)
            y += 14
        }
        y -= 14
    }

    // MARK: Texts

    /// - Returns: where the last line ends.
    @discardableResult
    private mutating func write(
        _ text: String, _ typeface: Typeface, _ color: Palette, x: Double, right: Double
    ) -> Double {
        write(typeface.lines(text, within: right - x), typeface, color, x: x)
    }

    @discardableResult
    private mutating func write(_ lines: [String], _ typeface: Typeface, _ color: Palette, x: Double) -> Double {
        for line in lines {
            // The base line of a text that stands in the middle of its leading.
            canvas.text(line, typeface, color, x: x, y: y + typeface.leading / 2 + typeface.size * 0.36)
            y += typeface.leading
        }
        return x + (lines.last.map(typeface.width(of:)) ?? 0)
    }
}

extension WayPicture.End.Kind {
    fileprivate var line: Palette {
        switch self {
        case .endpoint: .good
        case .refused, .dropped: .bad
        case .leftAlone, .notKnown: .muted
        }
    }

    fileprivate var ink: Palette {
        switch self {
        case .endpoint: .ink
        case .refused, .dropped: .bad
        case .leftAlone, .notKnown: .ink
        }
    }

    fileprivate var ground: Palette {
        switch self {
        case .endpoint, .leftAlone, .notKnown: .card
        case .refused, .dropped: .badTint
        }
    }

    fileprivate var border: Palette {
        switch self {
        case .endpoint: .good
        case .refused, .dropped: .bad
        case .leftAlone, .notKnown: .edge
        }
    }
}
