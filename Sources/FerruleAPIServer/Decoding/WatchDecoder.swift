// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// Cuts the bytes of a watch into events, in whatever portions they come.
///
/// In protobuf an event is four bytes of length, the highest first, and a `WatchEvent`; in JSON a line.
package struct WatchDecoder {
    private let type: MediaType
    private let resource: Resource
    private var wire = WireDecoder()
    private let json: JSONDecoder
    /// What has come and is not read yet, from ``start`` on.
    private var buffer = Data()
    private var start = 0
    /// How many bytes from ``start`` on hold no line's end.
    private var searched = 0

    /// No object is larger than what the server's store takes, which is 1.5 MiB (`--max-request-bytes` of etcd) where nobody
    /// has raised it: a frame beyond this is garbage.
    private static let longestFrame = 64 << 20

    package init(_ type: MediaType, of resource: Resource) {
        (self.type, self.resource) = (type, resource)
        json = JSONDecoder.ofObjects(resource)
    }

    /// Takes bytes that have come.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer = Data(buffer.dropFirst(start))
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// Whether the bytes end within an event.
    package var isWithinEvent: Bool { start < buffer.count }

    /// The next event that is there as a whole; nil where more bytes are needed.
    ///
    /// - Throws: where the bytes are no events; nothing can be read from there on.
    package mutating func next() throws(UnreadableAnswer) -> WatchEvent? {
        guard let range = try nextRange() else { return nil }
        do {
            switch type {
            case .protobuf: return try wire.event(buffer.span, range, of: resource)
            case .json: return try json.decode(EventDocument.self, from: buffer.subdata(in: range)).event
            }
        } catch let error as WireError {
            throw UnreadableAnswer("an event of \(resource.rawValue) cannot be read: \(error)")
        } catch {
            throw UnreadableAnswer("an event of \(resource.rawValue) cannot be read: it is not an event in JSON")
        }
    }

    /// Where the next event stands, which is passed over.
    private mutating func nextRange() throws(UnreadableAnswer) -> Range<Int>? {
        let range: Range<Int>
        switch type {
        case .protobuf:
            guard buffer.count - start >= 4 else { return nil }
            let length = (start..<start + 4).reduce(0) { $0 << 8 | Int(buffer[$1]) }
            try checkLength(length)
            guard buffer.count - start - 4 >= length else { return nil }
            range = start + 4..<start + 4 + length
            start = range.upperBound
        case .json:
            guard let end = buffer[(start + searched)...].firstIndex(of: UInt8(ascii: "\n")) else {
                searched = buffer.count - start
                try checkLength(searched)
                return nil
            }
            range = start..<end
            (start, searched) = (end + 1, 0)
        }
        return range
    }

    private func checkLength(_ length: Int) throws(UnreadableAnswer) {
        guard length <= Self.longestFrame else {
            throw UnreadableAnswer("an event of \(resource.rawValue) cannot be read: it has no end")
        }
    }
}
