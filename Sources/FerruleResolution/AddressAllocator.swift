// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// Gives out ClusterIPs of one range, each at a place that follows from the owner's name: who else asks matters only
/// where two names hash to one place.
struct AddressAllocator {
    private let range: Prefix
    private var taken: Set<IPAddress>

    init(_ range: Prefix, taken: Set<IPAddress>) { (self.range, self.taken) = (range, taken) }

    /// An address that nobody has; nil if the range is used up. The first address is left out, and in IPv4 the last.
    mutating func allocate(for owner: String) -> IPAddress? {
        let hostBits = range.family.addressBits - range.length
        let size: UInt128 = hostBits >= 64 ? 1 << 64 : 1 << UInt128(hostBits)
        let usable = size > 2 ? size - (range.family == .ipv4 ? 2 : 1) : 0
        guard usable > 0 else { return nil }
        let start = UInt128(fnv1a(owner)) % usable
        for step in 0..<min(usable, UInt128(taken.count) + 1) {
            let offset = 1 + (start + step) % usable
            let address = IPAddress(range.family, bits: range.address.bits + offset)
            if taken.insert(address).inserted { return address }
        }
        return nil
    }
}
