// SPDX-License-Identifier: Apache-2.0

/// What stands around each protobuf message of an API server: four bytes `k8s\0`, then `runtime.Unknown` of
/// `apimachinery/pkg/runtime`: 1 the type (1 apiVersion, 2 kind), 2 the message.
struct Envelope {
    /// Where the message stands.
    let message: Range<Int>

    private static let magic: [UInt8] = [0x6b, 0x38, 0x73, 0x00]

    /// The envelope at a range of some bytes.
    init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) {
        guard range.count >= Self.magic.count else { throw .truncated }
        for (offset, byte) in Self.magic.enumerated() where bytes[range.lowerBound + offset] != byte {
            throw .malformed
        }
        var message = range.upperBound..<range.upperBound
        var reader = WireReader(range.lowerBound + Self.magic.count..<range.upperBound)
        while let field = try reader.next(bytes) {
            if field.number == 2 { message = try field.range }
        }
        self.message = message
    }
}
