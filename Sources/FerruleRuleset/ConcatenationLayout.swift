// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Where the values of concatenations of one type stand in the kernel's memory: in network order, each filled up to whole
/// words of four bytes. The type has no ranges; these are two addresses there.
package struct ConcatenationLayout: Sendable {
    private let kinds: [ValueKind]
    /// ``ShortConcatenation/code(_:)``; nil for long ones.
    private let code: UInt16?
    /// Where each packed byte stands.
    private let places: [Int]
    /// In bytes.
    package let length: Int

    package init(_ types: [SetDefinition.DataType], _ family: IPFamily) {
        kinds = types.map { type in
            switch type {
            case .address: family == .ipv4 ? .ipv4Address : .ipv6Address
            case .transportProtocol: .transportProtocol
            case .port: .port
            }
        }
        code = ShortConcatenation.code(kinds)
        var places: [Int] = []
        var start = 0
        for kind in kinds {
            places += start..<start + kind.packedLength
            start += (kind.packedLength + 3) / 4 * 4
        }
        (self.places, length) = (places, start)
    }

    /// Of no values.
    package static let none = ConcatenationLayout([], .ipv4)

    /// The values that stand at an offset; nil if there is none such, as no port 0.
    package func values(at start: Int, in bytes: Span<UInt8>) -> Concatenation? {
        guard start + length <= bytes.count, areKnown(start, bytes) else { return nil }
        guard let code else { return Concatenation(long: places.map { bytes[start + $0] }, kinds) }
        return Concatenation(
            ShortConcatenation(kinds: code, length: places.count) { bytes[start + places[$0]] })
    }

    /// Appends the bytes of values of this type.
    package func append(_ values: Concatenation, to bytes: inout [UInt8]) {
        guard var rest = values.short else { return appendLong(values, to: &bytes) }
        for kind in kinds {
            var left = UInt64(kind.packedLength)
            while left > 0 {
                let count = min(left, 4)
                let word = rest.take(count) &<< (32 - 8 * count)
                bytes.append(UInt8(truncatingIfNeeded: word &>> 24))
                bytes.append(UInt8(truncatingIfNeeded: word &>> 16))
                bytes.append(UInt8(truncatingIfNeeded: word &>> 8))
                bytes.append(UInt8(truncatingIfNeeded: word))
                left -= count
            }
        }
    }

    private func appendLong(_ values: Concatenation, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes += repeatElement(0, count: length)
        for (place, byte) in zip(places, values.packedBytes) { bytes[start + place] = byte }
    }

    private func areKnown(_ start: Int, _ bytes: Span<UInt8>) -> Bool {
        var start = start
        for kind in kinds {
            switch kind {
            case .transportProtocol: if TransportProtocol(rawValue: bytes[start]) == nil { return false }
            case .port: if bytes[start] == 0, bytes[start + 1] == 0 { return false }
            case .ipv4Address, .ipv6Address, .ipv4Prefix, .ipv6Prefix: break
            }
            start += (kind.packedLength + 3) / 4 * 4
        }
        return true
    }
}
