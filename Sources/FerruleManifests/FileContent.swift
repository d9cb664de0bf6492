// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SystemPackage

/// Reading all of a file, a pipe or a device.
package enum FileContent {
    /// More is not read from what does not say its size: it might never end.
    private static let limit = 2 << 30

    /// What can be read until the end, in whatever portions it comes.
    ///
    /// - Throws: ``TooLong``, or what the system says.
    package static func read(_ file: FileDescriptor) throws -> Data {
        var content = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            if count == 0 { break }
            content += buffer[..<count]
            // Of what is no text the start will do to say so.
            if case .foreign = TextFormat(of: content) { break }
            if content.count > limit { throw TooLong() }
        }
        return content
    }

    /// The content of a path that is no directory.
    static func read(_ path: String) throws(ManifestError) -> Data {
        do {
            if PartialText.isRegularFile(path) { return try Data(contentsOf: URL(filePath: path)) }
            let file = try FileDescriptor.open(FilePath(path), .readOnly)
            return try file.closeAfter { try read(file) }
        } catch {
            throw .unreadable(path, "this file cannot be read: \(ManifestError.reason(of: error))")
        }
    }

    /// So many bytes from a place of a file on, or those up to its end.
    static func read(_ file: FileDescriptor, from offset: Int64, count: Int) throws -> Data {
        var data = Data(count: count)
        var length = 0
        while length < count {
            let part = try unsafe data.withUnsafeMutableBytes { buffer in
                try unsafe file.read(
                    fromAbsoluteOffset: offset + Int64(length),
                    into: UnsafeMutableRawBufferPointer(rebasing: buffer[length...]))
            }
            if part == 0 { break }
            length += part
        }
        return data.prefix(length)
    }

    /// More was written than is read.
    struct TooLong: Error {}
}
