// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What a file is written in, told by its first bytes.
enum TextFormat: Equatable {
    case empty
    /// The first character that is not blank is `{` or `[`.
    case json
    case yaml
    /// Not UTF-8, but the encoding named.
    case foreign(encoding: String)

    init(of data: Data) {
        let start = Array(data.prefix(4))
        if start.starts(with: [0xff, 0xfe]) || start.starts(with: [0xfe, 0xff]) || start.contains(0) {
            self = .foreign(encoding: start.count(where: { $0 == 0 }) > 1 ? "UTF-32" : "UTF-16")
            return
        }
        switch data.first(where: { !Self.blanks.contains($0) }) {
        case nil: self = .empty
        case UInt8(ascii: "{"), UInt8(ascii: "["): self = .json
        default: self = .yaml
        }
    }

    private static let blanks: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]

    /// The text without the byte order mark that some editors put before UTF-8.
    static func withoutByteOrderMark(_ data: Data) -> Data {
        data.starts(with: [0xef, 0xbb, 0xbf]) ? Data(data.dropFirst(3)) : data
    }
}
