// SPDX-License-Identifier: Apache-2.0

/// Writes messages in protobuf's wire format.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func field(_ number: Int, _ text: String?) {
        guard let text else { return }
        field(number, bytes: text.utf8)
    }

    mutating func field(_ number: Int, _ value: Int?) {
        guard let value else { return }
        varint(UInt64(number << 3))
        varint(UInt64(bitPattern: Int64(value)))
    }

    mutating func field(_ number: Int, _ value: Bool?) { field(number, value.map { $0 ? 1 : 0 }) }

    mutating func field(_ number: Int, bytes content: some Collection<UInt8>) {
        varint(UInt64(number << 3 | 2))
        varint(UInt64(content.count))
        bytes += content
    }

    mutating func field(_ number: Int, _ write: (inout WireWriter) -> Void) {
        field(number, bytes: Self.message(write))
    }

    /// An entry for each member of a map.
    mutating func field(_ number: Int, _ map: some Sequence<(key: String, value: String)>) {
        for (key, value) in map.sorted(by: { $0.key < $1.key }) {
            field(number) {
                $0.field(1, key)
                $0.field(2, value)
            }
        }
    }

    static func message(_ write: (inout WireWriter) -> Void) -> [UInt8] {
        var writer = WireWriter()
        write(&writer)
        return writer.bytes
    }

    /// A message in the envelope that stands around each.
    static func envelope(_ apiVersion: String, _ kind: String, _ message: [UInt8]) -> [UInt8] {
        [0x6b, 0x38, 0x73, 0x00]
            + Self.message { writer in
                writer.field(1) {
                    $0.field(1, apiVersion)
                    $0.field(2, kind)
                }
                writer.field(2, bytes: message)
            }
    }

    private mutating func varint(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }
}
