// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

extension Table {
    /// An address of nobody whom the table knows: one for documentation (RFC 5737, RFC 3849), or the first behind a range.
    ///
    /// - Parameters:
    ///   - sets: what holds those whom the table knows.
    ///   - others: who is known besides.
    /// - Returns: nil where every address is somebody's.
    package func stranger(to sets: [SetPurpose], besides others: Set<IPAddress> = []) -> IPAddress? {
        let known = self.sets.filter { sets.contains($0.purpose) }
        let behind = known.lazy.flatMap(\.elements).lazy.flatMap(\.key.values).compactMap(\.addressBehind)
        func isStranger(_ address: IPAddress) -> Bool {
            !others.contains(address) && !address.isLoopback && !known.contains { $0.mentions(address) }
        }
        let ranges = Table.documentation(family)
        return ranges.first(where: isStranger) ?? behind.first(where: isStranger)
            ?? ranges.lazy.flatMap { first in (1..<254).lazy.map { IPAddress(first.family, bits: first.bits + $0) } }
            .first(where: isStranger)
    }

    /// The first addresses of ranges that hold at least 254, none of which is anybody's.
    package static func documentation(_ family: IPFamily) -> [IPAddress] {
        let texts =
            family == .ipv4
            ? ["198.51.100.1", "203.0.113.1", "192.0.2.1"] : ["2001:db8::1", "2001:db8:1::1", "2001:db8:2::1"]
        return texts.compactMap { IPAddress($0) }
    }
}

extension Packet {
    /// An interface that packets of others come in by, given how those of pods are called or begin: all that counts is that it
    /// is called otherwise.
    package static func interface(unlike prefix: String) -> String { prefix.hasPrefix("u") ? "eth0" : "uplink0" }
}

extension SetDefinition {
    /// Whether a key has an address, or a range that holds it, as one of its values.
    private static func key(_ key: ElementKey, mentions address: IPAddress) -> Bool {
        for value in key.values {
            switch value {
            case .address(address): return true
            case .prefix(let range) where range.contains(address): return true
            default: continue
            }
        }
        return false
    }

    fileprivate func mentions(_ address: IPAddress) -> Bool {
        // Keys of one address, or one range, are in order.
        if keyType == [.address] { return element(for: .address(address)) != nil }
        return elements.contains { SetDefinition.key($0.key, mentions: address) }
    }
}

extension Concatenation.Value {
    /// The one that follows an address, or the last of a range.
    fileprivate var addressBehind: IPAddress? {
        let last: IPAddress
        switch self {
        case .address(let address): last = address
        case .prefix(let range): last = range.lastAddress
        case .transportProtocol, .port: return nil
        }
        let (bits, isOver) = last.bits.addingReportingOverflow(1)
        let next = IPAddress(last.family, bits: bits)
        return isOver || next.bits != bits ? nil : next
    }
}
