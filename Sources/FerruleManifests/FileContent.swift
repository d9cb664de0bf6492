// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Reading all of a file, a pipe or a device.
package enum FileContent {
    /// More is not read from what does not say its size: it might never end.
    private static let limit = 2 << 30

    /// What can be read until the end, in whatever portions it comes.
    ///
    /// - Throws: ``TooLong``, or what the system says.
    package static func read(_ file: FileHandle) throws -> Data {
        var content = Data()
        while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
            content += part
            // Of what is no text the start will do to say so.
            if case .foreign = TextFormat(of: content) { break }
            if content.count > limit { throw TooLong() }
        }
        return content
    }

    /// The content of a path that is no directory.
    static func read(_ path: String) throws(ManifestError) -> Data {
        do {
            let url = URL(filePath: path)
            if PartialText.isRegularFile(path) { return try Data(contentsOf: url) }
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            return try read(file)
        } catch {
            throw .unreadable(path, "this file cannot be read: \(ManifestError.reason(of: error))")
        }
    }

    /// More was written than is read.
    struct TooLong: Error {}
}
