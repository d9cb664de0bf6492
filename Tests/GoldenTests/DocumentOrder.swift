// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport

/// A YAML text, cut where its documents or the items of its List begin.
struct DocumentOrder {
    private var head: [Substring] = []
    private var items: [[Substring]] = []
    private var tail: [Substring] = []

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if line == "---" || line.hasPrefix("- apiVersion:") {
                if line == "---", items.isEmpty { (items, head) = ([["---"] + head], []) }
                items.append([line])
            } else if items.isEmpty {
                head.append(line)
            } else if !tail.isEmpty || (items[0][0] != "---" && line.first?.isLetter == true) {
                tail.append(line)
            } else {
                items[items.count - 1].append(line)
            }
        }
    }

    /// Whether there is another order.
    var canChange: Bool { Set(items).count > 1 }

    /// The text in another order, where there is one.
    func shuffled(using generator: inout SeededGenerator) -> String {
        var order = items
        while canChange, order == items { order.shuffle(using: &generator) }
        return (head + order.flatMap(\.self) + tail).joined(separator: "\n") + "\n"
    }
}
