// SPDX-License-Identifier: Apache-2.0

/// Lays the way of a packet out from above to below: a line with its stops, which branches where chance decides. The width is
/// fixed, and the height what texts need, so nothing is cut.
struct WayDrawing {
    static let width = 680.0
    private static let margin = 28.0
    private static let right = width - margin
    /// Of the line, and of texts beside it.
    private static let lineX = 37.0
    private static let textX = 66.0
    /// Where the boxes of several ends begin: shares stand between the line and them.
    private static let branchX = 130.0
    private static let padding = 14.0
    /// How far below the top of a box the line to it is: in the middle of its first line.
    private static let boxCenter = 23.0
    private static let bend = 12.0

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
            canvas.stroke("M \(x) \(number(lastStop)) V \(number(center))", .accent, width: WayDrawing.breadth(1))
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

    /// The end of all packets: the line itself leads to it.
    private mutating func single(_ end: WayPicture.End) {
        turn(from: lastStop ?? y, to: WayDrawing.textX, end.kind.line, share: 1)
        box(end, x: WayDrawing.textX)
        lastStop = nil
    }

    /// Draws a line down, and round to a box that begins here.
    private mutating func turn(from start: Double, to right: Double, _ color: Palette, share: Double) {
        let (x, center) = (number(WayDrawing.lineX), number(y + WayDrawing.boxCenter))
        canvas.stroke(
            "M \(x) \(number(start)) V \(number(y + WayDrawing.boxCenter - WayDrawing.bend)) "
                + "Q \(x) \(center) \(number(WayDrawing.lineX + WayDrawing.bend)) \(center) H \(number(right))",
            color, width: WayDrawing.breadth(share))
    }

    /// How wide the line of a share of all packets is.
    private static func breadth(_ share: Double) -> Double { 1.5 + 3 * share }

    private mutating func branches(_ picture: WayPicture) {
        var line = (y: lastStop ?? y, share: 1.0)
        for end in picture.ends {
            branch(from: &line, end.kind.line, end.share, end.shareText ?? "")
            box(end, x: WayDrawing.branchX)
            y += 8
        }
        if let rest = picture.rest {
            branch(from: &line, .good, rest.share, rest.shareText)
            let top = beginBox()
            let (x, right) = WayDrawing.inside(WayDrawing.branchX)
            write(rest.name, .strong, .ink, x: x, right: right)
            for detail in rest.details { write(detail, .prose, .muted, x: x, right: right) }
            endBox(top, x: WayDrawing.branchX, fill: .card, border: .good, isDashed: true)
            y += 8
        }
        y -= 8
        lastStop = nil
    }

    /// Draws the line on to what begins here, and a branch that leaves it.
    ///
    /// - Parameter line: how far it is drawn, and which share of all packets is left on it.
    private mutating func branch(
        from line: inout (y: Double, share: Double), _ color: Palette, _ share: Double, _ shareText: String
    ) {
        let (x, center) = (WayDrawing.lineX, y + WayDrawing.boxCenter)
        let start = center - WayDrawing.bend
        canvas.stroke(
            "M \(number(x)) \(number(line.y)) V \(number(start))", .accent, width: WayDrawing.breadth(line.share))
        turn(from: start, to: WayDrawing.branchX, color, share: share)
        line = (start, max(0, line.share - share))
        // On the branch, with a ground that parts it from the text.
        let width = Typeface.label.width(of: shareText) + 4
        let middle = (x + WayDrawing.bend + WayDrawing.branchX) / 2
        canvas.box(
            Canvas.Area(x: middle - width / 2, y: center - 10, width: width, height: 20), radius: 10, fill: .paper)
        canvas.text(shareText, .label, .ink, x: middle, y: center + 4, isCentered: true)
    }

    private mutating func box(_ end: WayPicture.End, x left: Double) {
        let top = beginBox()
        let (x, right) = WayDrawing.inside(left)
        let isEndpoint = end.kind == .endpoint
        var cursor = write(end.name, isEndpoint ? .name : .strong, end.kind.ink, x: x, right: right)
        if isEndpoint {
            cursor = write(end.detail, behind: cursor, x: x, right: right)
            for mark in end.marks {
                for line in Typeface.label.lines(mark, within: right - x - 16) {
                    cursor = write(mark: line, behind: cursor, x: x, right: right)
                }
            }
        } else {
            write(end.detail, .prose, .ink, x: x, right: right)
        }
        for step in end.steps { write(of: step, x: x, right: right) }
        if let remedy = end.remedy {
            y += 8
            write(remedy, .strong, .ink, x: x, right: right)
        }
        endBox(top, x: left, fill: end.kind.ground, border: end.kind.border)
    }

    /// Writes on the last line where there is room, else on lines of its own.
    ///
    /// - Parameter end: where the last line ends.
    /// - Returns: where it ends then.
    private mutating func write(_ detail: String, behind end: Double, x: Double, right: Double) -> Double {
        guard !detail.isEmpty, end + 12 + Typeface.prose.width(of: detail) <= right else {
            return detail.isEmpty ? end : write(detail, .prose, .muted, x: x, right: right)
        }
        canvas.text(detail, .prose, .muted, x: end + 12, y: y - Typeface.name.leading + Typeface.name.baseLine)
        return end + 12 + Typeface.prose.width(of: detail)
    }

    /// The same for a line of words on a ground of their own.
    private mutating func write(mark: String, behind end: Double, x left: Double, right: Double) -> Double {
        let width = Typeface.label.width(of: mark) + 16
        let fits = end + 12 + width <= right
        let x = fits ? end + 12 : left
        let top = fits ? y - 21 : y + 4
        canvas.box(Canvas.Area(x: x, y: top, width: width, height: 20), radius: 10, fill: .changeTint)
        canvas.text(mark, .label, .change, x: x + width / 2, y: top + 14, isCentered: true)
        if !fits { y += 26 }
        return x + width
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
            canvas.text(line, typeface, color, x: x, y: y + typeface.baseLine)
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
