// SPDX-License-Identifier: Apache-2.0

/// Finds where the items of a JSON List can be cut apart, from the text in parts of any size.
///
/// It looks at quotes and brackets only, and trusts that the text is JSON: whoever decodes what it has cut checks that. It
/// gives up (``isSuitable``) where the text is not one object with one member `items`.
struct ItemScanner {
    /// Some neighbouring items, without the commas around them.
    struct Slice: Sendable, Equatable {
        var range: Range<Int>
        var firstItem: Int
        var itemCount: Int
    }

    private(set) var slices: [Slice] = []
    /// Whether the text is still what it should be; nothing else here counts once it is not.
    private(set) var isSuitable = true
    /// Where the list of items ends, at its bracket.
    private(set) var end: Int?

    private let sliceSize: Int
    /// How many bytes have been seen.
    private var offset = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// The last string directly in the document, as far as it matters.
    private var lastString: [UInt8] = []
    private var isItemsKey = false
    private var isInItems = false
    /// The slice that is being gathered.
    private var start = 0
    private var firstItem = 0
    private var itemCount = 1

    private static let itemsKey = Array("items".utf8)

    /// A scanner that cuts after the item with which a slice reaches a size.
    init(sliceSize: Int) { self.sliceSize = sliceSize }

    /// Goes on with the next part of the text.
    mutating func scan(_ text: Span<UInt8>) {
        var index = 0
        while index < text.count, isSuitable {
            let byte = text[index]
            if isInString {
                scanInString(byte)
            } else if byte > 0x2c || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") {
                scanOutsideStrings(byte, at: offset + index)
            }
            index += 1
            // Most bytes are within strings or indentation; nothing needs to be known of them.
            if isInString, !isEscaped, depth != 1 {
                while index < text.count, text[index] != UInt8(ascii: "\""), text[index] != UInt8(ascii: "\\") {
                    index += 1
                }
            } else if !isInString {
                while index < text.count, text[index] == 0x20 { index += 1 }
            }
        }
        offset += text.count
    }

    private mutating func scanInString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
            // A key with escapes may be `items` too.
            if depth == 1 { isSuitable = false }
        } else if depth == 1, lastString.count <= Self.itemsKey.count {
            lastString.append(byte)
        }
    }

    private mutating func scanOutsideStrings(_ byte: UInt8, at index: Int) {
        switch byte {
        case UInt8(ascii: "\""):
            isInString = true
            if depth == 1 { lastString.removeAll(keepingCapacity: true) }
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth == 1, isItemsKey, byte == UInt8(ascii: "[") { beginItems(at: index) }
            depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
            if depth == 1, isInItems { endItems(at: index) }
        case UInt8(ascii: ","):
            if depth == 2, isInItems { endItem(at: index) }
        case UInt8(ascii: ":"):
            if depth == 1 { isItemsKey = lastString == Self.itemsKey }
        default: break
        }
    }

    private mutating func beginItems(at index: Int) {
        if end != nil { isSuitable = false }
        isInItems = true
        start = index + 1
    }

    private mutating func endItem(at index: Int) {
        if index - start >= sliceSize {
            slices.append(Slice(range: start..<index, firstItem: firstItem, itemCount: itemCount))
            (start, firstItem, itemCount) = (index + 1, firstItem + itemCount, 1)
        } else {
            itemCount += 1
        }
    }

    private mutating func endItems(at index: Int) {
        slices.append(Slice(range: start..<index, firstItem: firstItem, itemCount: itemCount))
        end = index
        isInItems = false
        isItemsKey = false
    }
}
