// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import FoundationEssentials

/// Completes the value of an option that names a file or directory of definitions, or one of some words.
///
/// ArgumentParser has words or files, but not both, and of files with several extensions zsh shows those of none.
enum PathCompletion {
    /// - Parameter words: what may stand there besides a path.
    static func kind(besides words: [String] = []) -> CompletionKind {
        .custom { arguments, position, _ in
            candidates(for: arguments.indices.contains(position) ? arguments[position] : "", besides: words)
        }
    }

    private static let extensions = [".yaml", ".yml", ".json"]

    /// In a directory those entries that may be meant. A directory that is the only candidate is followed by what it holds,
    /// so that no shell takes it for complete and goes on to the next word.
    private static func candidates(for word: String, besides words: [String]) -> [String] {
        let folder = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
        let paths = entries(of: folder).filter { $0.hasPrefix(word) }
        let found = words.filter { $0.hasPrefix(word) } + paths
        guard found.count == 1, let only = found.first, only.hasSuffix("/") else { return found }
        return found + entries(of: only)
    }

    /// The definitions and directories below one, directories with a slash behind them; hidden ones are left out.
    private static func entries(of folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().compactMap { name in
            if FileManager.default.fileExists(atPath: folder + name + "/.") { return folder + name + "/" }
            return extensions.contains { name.hasSuffix($0) } ? folder + name : nil
        }
    }
}
