// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SystemPackage

/// A text of which parts are read when they are needed, so that a large file never stands in memory as a whole.
///
/// Files are read and not mapped: a mapped file that is cut short while it is read would end the process.
enum PartialText: Sendable {
    case memory(Data)
    /// A file, from a byte (behind its byte order mark) to its end.
    case file(path: String, start: Int, size: Int)

    /// The text of a file; nil if it is not a regular file.
    init?(file path: String) {
        guard let size = Self.size(ofRegularFile: path) else { return nil }
        let whole = PartialText.file(path: path, start: 0, size: size)
        guard let head = whole.part(0..<min(3, size)) else { return nil }
        let start = head.count - TextFormat.withoutByteOrderMark(head).count
        self = .file(path: path, start: start, size: size - start)
    }

    /// Whether an ordinary file stands at a path, links followed.
    static func isRegularFile(_ path: String) -> Bool { size(ofRegularFile: path) != nil }

    /// The size of an ordinary file; nil where something else stands.
    static func size(ofRegularFile path: String) -> Int? {
        guard let status = try? Stat(FilePath(path)), status.type == .regular else { return nil }
        return Int(status.size)
    }

    /// How many bytes it has.
    var count: Int {
        switch self {
        case .memory(let data): data.count
        case .file(_, _, let size): size
        }
    }

    /// How many bytes it has with its byte order mark.
    var fileSize: Int {
        switch self {
        case .memory(let data): data.count
        case .file(_, let start, let size): start + size
        }
    }

    /// The bytes of a range; nil if they cannot be read, since the file has become shorter.
    func part(_ range: Range<Int>) -> Data? {
        switch self {
        case .memory(let data):
            return data.dropFirst(range.lowerBound).prefix(range.count)
        case .file(let path, let start, _):
            guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return nil }
            let data = try? file.closeAfter {
                try FileContent.read(file, from: Int64(start + range.lowerBound), count: range.count)
            }
            return data?.count == range.count ? data : nil
        }
    }
}
