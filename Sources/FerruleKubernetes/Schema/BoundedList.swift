// SPDX-License-Identifier: Apache-2.0

/// Something of which a small input can have very many.
package protocol BoundedElement {
    /// What tells those from it that are worth keeping beside it, as a small number.
    var group: Int { get }
    /// How many more of its group were found behind it and not kept.
    var likeIt: Int { get set }
}

/// A list that keeps the first of each group, and counts the others with the last that is kept of theirs: a small input cannot
/// ask for more memory than there is.
package struct BoundedList<Element: BoundedElement & Sendable>: Sendable {
    /// How many are kept of each group.
    package static var limit: Int { 10_000 }

    /// What is kept, in order.
    package private(set) var elements: [Element] = []
    /// Of each group, how many are kept and where the last of them stands.
    private var groups: [Int: (count: Int, last: Int)] = [:]

    package init() {}

    package mutating func append(_ element: Element) {
        let (count, last) = groups[element.group] ?? (0, 0)
        if count < Self.limit {
            groups[element.group] = (count + 1, elements.count)
            elements.append(element)
        } else {
            elements[last].likeIt += 1 + element.likeIt
        }
    }
}
