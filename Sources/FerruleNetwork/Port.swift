// SPDX-License-Identifier: Apache-2.0

/// A transport port, 1...65535, in host order.
package struct Port: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let number: UInt16

    /// `nil` outside 1...65535.
    package init?(_ number: Int) {
        guard let port = UInt16(exactly: number), port > 0 else { return nil }
        self.number = port
    }

    package var description: String { String(number) }

    @inlinable package static func == (left: Port, right: Port) -> Bool { left.number == right.number }

    @inlinable package static func < (left: Port, right: Port) -> Bool { left.number < right.number }
}
