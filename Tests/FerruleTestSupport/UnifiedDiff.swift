// SPDX-License-Identifier: Apache-2.0

/// The difference of two texts, line by line, as `diff -u` shows it.
package struct UnifiedDiff: CustomStringConvertible {
    private enum Line {
        case kept(String)
        case removed(String)
        case added(String)

        var text: String {
            switch self {
            case .kept(let text): " " + text
            case .removed(let text): "-" + text
            case .added(let text): "+" + text
            }
        }

        var isKept: Bool {
            if case .kept = self { true } else { false }
        }
    }

    private static let context = 3
    private let oldName: String
    private let newName: String
    private let lines: [Line]

    /// The difference from an old text to a new one.
    package init(_ old: String, _ new: String, oldName: String = "expected", newName: String = "actual") {
        (self.oldName, self.newName) = (oldName, newName)
        lines = UnifiedDiff.lines(UnifiedDiff.split(old), UnifiedDiff.split(new))
    }

    /// The whole difference; empty where there is none.
    package var description: String {
        guard lines.contains(where: { !$0.isKept }) else { return "" }
        var text = "--- \(oldName)\n+++ \(newName)\n"
        var position = 0
        while let change = lines[position...].firstIndex(where: { !$0.isKept }) {
            let start = max(position, change - UnifiedDiff.context)
            var end = change
            // A hunk goes on while the next change is near.
            while let next = lines[end...].firstIndex(where: { !$0.isKept }), next - end <= 2 * UnifiedDiff.context {
                end = next + 1
            }
            end = min(lines.count, end + UnifiedDiff.context)
            text += header(start..<end) + lines[start..<end].map { $0.text + "\n" }.joined()
            position = end
        }
        return text
    }

    private func header(_ range: Range<Int>) -> String {
        var (oldStart, newStart, oldCount, newCount) = (1, 1, 0, 0)
        for (position, line) in lines.enumerated().prefix(range.upperBound) {
            let isInside = position >= range.lowerBound
            switch line {
            case .kept:
                if isInside {
                    (oldCount, newCount) = (oldCount + 1, newCount + 1)
                } else {
                    (oldStart, newStart) = (oldStart + 1, newStart + 1)
                }
            case .removed: if isInside { oldCount += 1 } else { oldStart += 1 }
            case .added: if isInside { newCount += 1 } else { newStart += 1 }
            }
        }
        return "@@ -\(oldStart),\(oldCount) +\(newStart),\(newCount) @@\n"
    }

    /// A last line without a newline is another line than one with it.
    private static func split(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() } else { lines[lines.count - 1] += " (no newline at the end)" }
        return lines
    }

    private static func lines(_ old: [String], _ new: [String]) -> [Line] {
        let difference = new.difference(from: old)
        var (removed, added): (Set<Int>, Set<Int>) = ([], [])
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var result: [Line] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if removed.contains(left), left < old.count {
                result.append(.removed(old[left]))
                left += 1
            } else if added.contains(right), right < new.count {
                result.append(.added(new[right]))
                right += 1
            } else {
                result.append(.kept(old[left]))
                (left, right) = (left + 1, right + 1)
            }
        }
        return result
    }
}
