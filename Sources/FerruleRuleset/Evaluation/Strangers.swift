// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Finds addresses of nobody whom a table knows: those for documentation (RFC 5737, RFC 3849), or the first behind a range.
///
/// What the table says of addresses for documentation is gathered once: they are asked for with each question about somebody outside,
/// and a table may have a million elements.
package struct Strangers: Sendable {
    private let family: IPFamily
    /// What holds those whom the table knows.
    private let known: [SetDefinition]
    /// What is mentioned of the addresses for documentation.
    private var addresses: Set<IPAddress> = []
    private var ranges: Set<Prefix> = []

    /// - Parameter purposes: of the sets that hold those whom the table knows.
    package init(to purposes: [SetPurpose], of table: Table) {
        family = table.family
        known = table.sets.filter { purposes.contains($0.purpose) }
        let firsts = Strangers.documentation(family)
        for set in known {
            for place in set.elements.indices {
                for value in set.elements[place].key.values {
                    switch value {
                    case .address(let address):
                        if firsts.contains(where: { $0.isFollowed(by: address) }) { addresses.insert(address) }
                    case .prefix(let range):
                        if firsts.contains(where: { range.contains($0) || $0.isFollowed(by: range.address) }) {
                            ranges.insert(range)
                        }
                    case .transportProtocol, .port: break
                    }
                }
            }
        }
    }

    /// - Parameter others: who is known besides.
    /// - Returns: nil where every address is somebody's.
    package func first(besides others: Set<IPAddress> = []) -> IPAddress? {
        func isStranger(_ address: IPAddress) -> Bool {
            !others.contains(address) && !addresses.contains(address) && !ranges.contains { $0.contains(address) }
        }
        let firsts = Strangers.documentation(family)
        return firsts.first(where: isStranger) ?? firstBehind(besides: others)
            ?? firsts.lazy.flatMap { first in (1..<254).lazy.map { IPAddress(first.family, bits: first.bits + $0) } }
            .first(where: isStranger)
    }

    /// The first that follows something that is mentioned, and is not.
    private func firstBehind(besides others: Set<IPAddress>) -> IPAddress? {
        known.lazy.flatMap(\.elements).lazy.flatMap(\.key.values).compactMap(\.addressBehind).first { address in
            !others.contains(address) && !address.isLoopback && !known.contains { $0.mentions(address) }
        }
    }

    /// The first addresses of ranges that hold at least 254, none of which is anybody's.
    package static func documentation(_ family: IPFamily) -> [IPAddress] {
        let texts =
            family == .ipv4
            ? ["198.51.100.1", "203.0.113.1", "192.0.2.1"] : ["2001:db8::1", "2001:db8:1::1", "2001:db8:2::1"]
        return texts.compactMap { IPAddress($0) }
    }
}

extension IPAddress {
    /// Whether another one is among the 254 that this one is the first of.
    fileprivate func isFollowed(by other: IPAddress) -> Bool { other.bits >= bits && other.bits - bits < 254 }
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
