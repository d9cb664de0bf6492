// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SystemPackage

/// Reading all of a file, a pipe or a device.
package enum FileContent {
    /// More is not read from what does not say its size: it might never end.
    private static let limit = 2 << 30

    /// All of what stands at a path, which leads where the kernel says: `..` behind a link is above what the link names.
    ///
    /// - Throws: ``TooLong``, or what the system says.
    package static func contents(of path: String) throws -> Data {
        // The kernel's own files have a content, but no size.
        let size = PartialText.size(ofRegularFile: path) ?? 0
        let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        return try file.closeAfter { size > 0 ? try read(file, from: 0, count: size) : try read(file) }
    }

    /// Whether a path, as a user gives it, is of standard input, a pipe or a device, which say what they have to say once.
    package static func isPipe(_ path: String) -> Bool {
        if path == "-" { return true }
        return if case .other? = FileKind(of: path) { true } else { false }
    }

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
            // Of what is no text the start will do to say so, which its first bytes tell.
            if case .foreign = TextFormat(of: content.prefix(4)) { break }
            if content.count > limit { throw TooLong() }
        }
        return content
    }

    /// The content of a path that is no directory.
    static func read(_ path: String) throws(ManifestError) -> Data {
        do {
            return try contents(of: path)
        } catch {
            throw .unreadable(path, ManifestError.unreadableFile(error))
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
