// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleText

/// Gives out ClusterIPs of one range, each at a place that follows from the owner's name: who else asks matters only
/// where two names hash to one place.
struct AddressAllocator {
    private let range: Prefix
    /// How many addresses can be given out: the first one is left out, and in IPv4 the last.
    private let count: UInt64
    private var places: CyclicPlaces

    init(_ range: Prefix, taken: some Sequence<IPAddress>) {
        self.range = range
        let hostBits = range.family.addressBits - range.length
        let size: UInt128 = hostBits >= 64 ? 1 << 64 : 1 << UInt128(hostBits)
        count = size > 2 ? UInt64(size - (range.family == .ipv4 ? 2 : 1)) : 0
        places = CyclicPlaces(count: count)
        for address in taken where range.contains(address) {
            let offset = address.bits - range.address.bits
            if offset > 0, offset <= UInt128(count) { places.reserve(UInt64(offset - 1)) }
        }
    }

    /// An address that nobody has; nil if the range is used up.
    mutating func allocate(for owner: String) -> IPAddress? {
        guard count > 0, let place = places.take(fnv1a(owner) % count) else { return nil }
        return IPAddress(range.family, bits: range.address.bits + 1 + UInt128(place))
    }
}
