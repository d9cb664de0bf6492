// SPDX-License-Identifier: Apache-2.0

/// What stands around each protobuf message of an API server: four bytes `k8s\0`, then `runtime.Unknown` of
/// `apimachinery/pkg/runtime`: 1 the type (1 apiVersion, 2 kind), 2 the message.
struct Envelope {
    /// Where the message stands.
    let message: Range<Int>
    /// Where the text of its kind stands.
    private let kind: Range<Int>

    private static let magic: [UInt8] = [0x6b, 0x38, 0x73, 0x00]

    /// The envelope at a range of some bytes.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) {
        guard range.count >= Self.magic.count else { throw .truncated }
        for (offset, byte) in Self.magic.enumerated() where bytes[range.lowerBound + offset] != byte {
            throw .malformed
        }
        var (message, kind) = (range.upperBound..<range.upperBound, 0..<0)
        var reader = WireReader(range.lowerBound + Self.magic.count..<range.upperBound)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1:
                var type = WireReader(try field.range)
                while let field = try type.next(bytes) {
                    if field.number == 2 { kind = try field.range }
                }
            case 2: message = try field.range
            default: break
            }
        }
        (self.message, self.kind) = (message, kind)
    }

    /// Whether the message is of a kind.
    func isOf(_ kind: StaticString, _ bytes: Span<UInt8>) -> Bool {
        let name = Array("\(kind)".utf8)
        return name.count == self.kind.count && name.indices.allSatisfy { bytes[self.kind.lowerBound + $0] == name[$0] }
    }
}
