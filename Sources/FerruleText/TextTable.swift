// SPDX-License-Identifier: Apache-2.0

/// Rows of cells in columns that are as wide as their widest cell, two blanks apart. Nothing is wrapped or cut.
package struct TextTable: Sendable {
    private let rows: [[String]]
    private let widths: [Int]

    /// - Parameter rows: as many cells each as there are titles; those without any.
    package init(_ titles: [String], _ rows: [[String]]) {
        self.rows = [titles] + rows
        widths = self.rows.reduce(into: titles.map { _ in 0 }) { widths, row in
            // The last cell is followed by nothing, so its width does not matter.
            for column in row.indices.dropLast() { widths[column] = max(widths[column], row[column].count) }
        }
    }

    /// A line each, in UTF-8, with a line feed at the end of each.
    package var text: [UInt8] {
        var text: [UInt8] = []
        for row in rows {
            for (column, cell) in row.enumerated() {
                text += cell.utf8
                guard column < row.count - 1 else { continue }
                text += repeatElement(UInt8(ascii: " "), count: widths[column] - cell.count + 2)
            }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }
}
