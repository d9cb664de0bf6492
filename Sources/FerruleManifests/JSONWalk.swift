// SPDX-License-Identifier: Apache-2.0

/// Walks over JSON text that is known to be JSON: it looks for ends and checks nothing, so that it is several times as fast
/// as a ``JSONScanner``. In other text it ends somewhere, without harm.
struct JSONWalk {
    /// The byte that comes next.
    private(set) var offset: Int

    init(offset: Int = 0) { self.offset = offset }

    /// The next byte that is not blank; 0 at the end.
    mutating func peek(_ text: Span<UInt8>) -> UInt8 {
        offset = Self.endOfBlanks(text, offset)
        return offset < text.count ? text[offset] : 0
    }

    /// Enters an object or list, whose bracket comes next.
    mutating func enter() { offset += 1 }

    /// Within an object, the bytes between the quotes of the next key, then standing on its value; nil behind the object.
    mutating func nextKey(_ text: Span<UInt8>) -> Range<Int>? {
        var index = Self.endOfBlanks(text, offset)
        if index < text.count, text[index] == UInt8(ascii: ",") { index = Self.endOfBlanks(text, index + 1) }
        guard index < text.count, text[index] == UInt8(ascii: "\"") else {
            offset = index + 1
            return nil
        }
        let start = index + 1
        let end = Self.endOfString(text, start)
        // Behind the colon, of which there is one.
        offset = Self.endOfBlanks(text, Self.endOfBlanks(text, end) + 1)
        return start..<max(start, end - 1)
    }

    /// Within a list, whether there is another element, then standing on it; false behind the list.
    mutating func nextElement(_ text: Span<UInt8>) -> Bool {
        switch peek(text) {
        case UInt8(ascii: ","):
            offset += 1
            _ = peek(text)
            return true
        case UInt8(ascii: "]"), 0:
            offset += 1
            return false
        default: return true
        }
    }

    /// Passes over a value of any kind.
    mutating func skipValue(_ text: Span<UInt8>) {
        switch peek(text) {
        case UInt8(ascii: "\""): offset = Self.endOfString(text, offset + 1)
        case UInt8(ascii: "{"), UInt8(ascii: "["): skipBrackets(text)
        default:
            // A number, true, false or null.
            var index = offset
            while index < text.count, text[index] > 0x20, text[index] != UInt8(ascii: ","),
                text[index] != UInt8(ascii: "}"), text[index] != UInt8(ascii: "]")
            {
                index += 1
            }
            // Something that is no value is passed over all the same, so that there is no end of it.
            offset = max(index, offset + 1)
        }
    }

    private mutating func skipBrackets(_ text: Span<UInt8>) {
        var depth = 0
        var index = offset
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): index = Self.endOfString(text, index)
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    offset = index
                    return
                }
            default: break
            }
        }
        offset = index
    }

    private static func endOfBlanks(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count, text[index] <= 0x20 { index += 1 }
        return index
    }

    /// The byte behind the quote that ends a string, from a byte within it.
    private static func endOfString(_ text: Span<UInt8>, _ start: Int) -> Int {
        var index = start
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return index }
            if byte == UInt8(ascii: "\\") { index += 1 }
        }
        return min(index, text.count)
    }
}
