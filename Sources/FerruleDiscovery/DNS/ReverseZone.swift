// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

/// Where the names of some addresses are found: below `in-addr.arpa` (RFC 1035, 3.5) or `ip6.arpa` (RFC 3596, 2.5).
package struct ReverseZone: Sendable, Hashable {
    /// All addresses of the zone.
    package let range: Prefix
    /// How many labels name the zone's part of an address.
    private let depth: Int

    /// nil for a range that ends within a label: in IPv4 those have eight bits, in IPv6 four.
    package init?(_ range: Prefix) {
        let bits = range.family.bitsOfLabel
        guard range.length.isMultiple(of: bits) else { return nil }
        (self.range, depth) = (range, range.length / bits)
    }

    /// The zones of all addresses, which CoreDNS is usually made to serve.
    package static let all = [
        ReverseZone(Prefix(IPAddress(ipv4: 0), length: 0)),
        ReverseZone(Prefix(IPAddress(ipv6High: 0, low: 0), length: 0)),
    ].compactMap(\.self)

    private init?(_ range: Prefix?) {
        guard let range else { return nil }
        self.init(range)
    }

    /// Without the dot at the end: `96.10.in-addr.arpa`.
    package var name: String {
        let root = range.family == .ipv4 ? "in-addr.arpa" : "ip6.arpa"
        return (labels(of: range.address).suffix(depth) + [root]).joined(separator: ".")
    }

    /// The name of an address of the range, below the zone.
    func name(of address: IPAddress) -> String { labels(of: address).dropLast(depth).joined(separator: ".") }

    private func labels(of address: IPAddress) -> [String] {
        let bits = address.family.bitsOfLabel
        return stride(from: 0, to: address.family.addressBytes * 8, by: bits).map { shift in
            let label = address.bits >> UInt128(shift) & (1 << UInt128(bits) - 1)
            return String(label, radix: address.family == .ipv4 ? 10 : 16)
        }
    }
}

extension IPFamily {
    /// The bits of an address that a label below `in-addr.arpa` or `ip6.arpa` tells.
    fileprivate var bitsOfLabel: Int { self == .ipv4 ? 8 : 4 }
}
