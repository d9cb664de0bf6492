// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not the message that they should be.
enum WireError: Error, Hashable {
    /// They end within a field.
    case truncated
    /// A field's head or a number is malformed.
    case malformed
    /// A field holds something else than its number stands for.
    case mismatch(field: Int)
    /// An object has none, though a server gives one to each.
    case missingName
}

extension WireError: CustomStringConvertible {
    var description: String {
        switch self {
        case .truncated: "it ends too early"
        case .malformed: "it is not valid protobuf"
        case .mismatch(let field): "protobuf field \(field) is of another type"
        case .missingName: "metadata.name: missing"
        }
    }
}

/// One field of a protobuf message.
struct WireField {
    enum Value {
        case number(UInt64)
        /// Where a text, a message or packed numbers stand.
        case bytes(Range<Int>)
        /// Numbers of a fixed size, which no field has that is used.
        case fixed
    }

    let number: Int
    let value: Value

    /// Where the text or message of the field stands.
    var range: Range<Int> {
        get throws(WireError) {
            guard case .bytes(let range) = value else { throw .mismatch(field: number) }
            return range
        }
    }

    /// The field as `int32` or `int64`.
    var integer: Int {
        get throws(WireError) {
            guard case .number(let bits) = value else { throw .mismatch(field: number) }
            return Int(truncatingIfNeeded: bits)
        }
    }

    var bool: Bool { get throws(WireError) { try integer != 0 } }
}

/// Goes over the fields of a message in protobuf's wire format
/// (<https://protobuf.dev/programming-guides/encoding/>), without making values of those that nobody asks for.
struct WireReader {
    private var offset: Int
    private let end: Int

    /// A reader of the message that stands at a range of some bytes, which must lie within them.
    init(_ range: Range<Int>) { (offset, end) = (range.lowerBound, range.upperBound) }

    /// The field that comes next; nil at the end of the message.
    mutating func next(_ bytes: Span<UInt8>) throws(WireError) -> WireField? {
        guard offset < end else { return nil }
        let tag = try varint(bytes)
        guard let number = Int(exactly: tag >> 3), number > 0 else { throw .malformed }
        switch tag & 7 {
        case 0: return WireField(number: number, value: .number(try varint(bytes)))
        case 1: try skip(8)
        case 2:
            guard let length = Int(exactly: try varint(bytes)) else { throw .malformed }
            let start = offset
            try skip(length)
            return WireField(number: number, value: .bytes(start..<offset))
        case 5: try skip(4)
        default: throw .malformed
        }
        return WireField(number: number, value: .fixed)
    }

    private mutating func skip(_ length: Int) throws(WireError) {
        guard length <= end - offset else { throw .truncated }
        offset += length
    }

    private mutating func varint(_ bytes: Span<UInt8>) throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end {
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
            guard shift < 64 else { throw .malformed }
        }
        throw .truncated
    }
}
