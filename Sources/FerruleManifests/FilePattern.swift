// SPDX-License-Identifier: Apache-2.0

/// A pattern of paths, as in shells: `*` is any part of a name, `?` one character of it, `**` any part of a path.
///
/// A pattern without a slash is for a file or folder of that name, wherever it is; one with a slash, and be it at its start, is
/// for the path below the folder that a user has named.
package struct FilePattern: Sendable {
    private let pattern: [Character]
    private let isPath: Bool

    package init(_ text: some StringProtocol) {
        let name = text.hasSuffix("/") ? text.dropLast() : text[...]
        isPath = name.contains("/")
        pattern = Array(name.hasPrefix("/") ? name.dropFirst() : name)
    }

    /// Whether it is for a file or folder, given by its path below the folder that a user has named.
    package func matches(_ path: String) -> Bool {
        let name = isPath ? path[...] : path.split(separator: "/").last ?? ""
        return matches(Array(name))
    }

    /// Compares from the left; where that fails, the last star takes one character more, and if it may not, the last `**`.
    private func matches(_ text: [Character]) -> Bool {
        var (position, index) = (0, 0)
        var star: (position: Int, index: Int)?
        var doubleStar: (position: Int, index: Int)?
        while true {
            if position + 1 < pattern.count, pattern[position] == "*", pattern[position + 1] == "*" {
                position += 2
                (doubleStar, star) = ((position, index), nil)
                // `a/**/b` is for `a/b` too.
                if position < pattern.count, pattern[position] == "/", index == 0 || text[index - 1] == "/" {
                    position += 1
                }
            } else if position < pattern.count, pattern[position] == "*" {
                position += 1
                star = (position, index)
            } else if position == pattern.count, index == text.count {
                return true
            } else if position < pattern.count, index < text.count,
                pattern[position] == text[index] || pattern[position] == "?" && text[index] != "/"
            {
                (position, index) = (position + 1, index + 1)
            } else if let last = star, last.index < text.count, text[last.index] != "/" {
                star = (last.position, last.index + 1)
                (position, index) = (last.position, last.index + 1)
            } else if let last = doubleStar, last.index < text.count {
                (doubleStar, star) = ((last.position, last.index + 1), nil)
                (position, index) = (last.position, last.index + 1)
            } else {
                return false
            }
        }
    }
}
