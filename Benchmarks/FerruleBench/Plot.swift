// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Lines on two logarithmic axes, as an SVG that reads well on light and on dark ground.
struct Plot {
    struct Line {
        let name: String
        let points: [(x: Double, y: Double)]
    }

    let title: String
    let xTitle: String
    let yTitle: String
    let lines: [Line]

    private static let (left, right, top, bottom) = (70.0, 520.0, 44.0, 344.0)
    private static let (width, height) = (760, 400)
    /// Middle tones: seen on white and on black alike.
    private static let colours = ["#d9622b", "#8a7fd0", "#1f9e89"]

    var svg: String {
        var parts = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(Self.height)" \
            width="\(Self.width)" height="\(Self.height)" role="img" font-family="sans-serif" font-size="13" fill="#808080">
            <title>\(title)</title>
            """,
            text(title, Self.left, 20, "font-size=\"15\""),
            text(xTitle, (Self.left + Self.right) / 2, Self.bottom + 42, "text-anchor=\"middle\""),
            text(yTitle, Self.left - 8, Self.top - 16, "text-anchor=\"end\""),
        ]
        parts += powers(xRange).map { gridLine(atX: $0) } + powers(yRange).map { gridLine(atY: $0) }
        for (index, line) in lines.enumerated() {
            parts.append(drawing(line, Self.colours[index % Self.colours.count]))
        }
        return parts.joined(separator: "\n") + "\n</svg>\n"
    }

    // MARK: - Axes

    private var xRange: ClosedRange<Int> { decades(lines.flatMap { $0.points.map(\.x) }) }
    private var yRange: ClosedRange<Int> { decades(lines.flatMap { $0.points.map(\.y) }) }

    /// The powers of ten around all values.
    private func decades(_ values: [Double]) -> ClosedRange<Int> {
        let logarithms = values.filter { $0 > 0 }.map { log10($0) }
        let low = Int((logarithms.min() ?? 0).rounded(.down))
        return low...max(low + 1, Int((logarithms.max() ?? 1).rounded(.up)))
    }

    private func powers(_ range: ClosedRange<Int>) -> [Double] { range.map { pow(10, Double($0)) } }

    private func x(_ value: Double) -> Double {
        let share = (log10(value) - Double(xRange.lowerBound)) / Double(xRange.count - 1)
        return Self.left + share * (Self.right - Self.left)
    }

    private func y(_ value: Double) -> Double {
        let share = (log10(value) - Double(yRange.lowerBound)) / Double(yRange.count - 1)
        return Self.bottom - share * (Self.bottom - Self.top)
    }

    // MARK: - Elements

    private func gridLine(atX value: Double) -> String {
        stroke(x(value), Self.top, x(value), Self.bottom) + "\n"
            + text(number(value), x(value), Self.bottom + 20, "text-anchor=\"middle\"")
    }

    private func gridLine(atY value: Double) -> String {
        stroke(Self.left, y(value), Self.right, y(value)) + "\n"
            + text(number(value), Self.left - 8, y(value) + 4, "text-anchor=\"end\"")
    }

    private func stroke(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<path d=\"M\(decimal(x1)) \(decimal(y1))L\(decimal(x2)) \(decimal(y2))\" stroke=\"#808080\" "
            + "stroke-opacity=\"0.35\"/>"
    }

    private func drawing(_ line: Line, _ colour: String) -> String {
        let places = line.points.filter { $0.y > 0 }.map { (x: x($0.x), y: y($0.y)) }
        guard let last = places.last else { return "" }
        let path = places.map { "\(decimal($0.x)) \(decimal($0.y))" }.joined(separator: "L")
        let dots = places.map {
            "<circle cx=\"\(decimal($0.x))\" cy=\"\(decimal($0.y))\" r=\"3.5\" fill=\"\(colour)\"/>"
        }
        // The name stands beside the last point, or above it where other lines go on.
        let isAtEdge = last.x > Self.right - 10
        let name =
            isAtEdge
            ? text(line.name, last.x + 10, last.y + 4, "fill=\"\(colour)\"")
            : text(line.name, last.x - 6, last.y - 10, "fill=\"\(colour)\" text-anchor=\"end\"")
        return (["<path d=\"M\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>"] + dots + [name])
            .joined(separator: "\n")
    }

    private func text(_ text: String, _ x: Double, _ y: Double, _ attributes: String) -> String {
        "<text x=\"\(decimal(x))\" y=\"\(decimal(y))\" \(attributes)>\(text)</text>"
    }

    private func number(_ value: Double) -> String {
        value >= 1 ? String(Int(value.rounded())) : String(format: "%g", value)
    }
}
