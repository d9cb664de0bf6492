// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset
internal import FerruleText

/// The addresses of the parts of large lists, each given once.
///
/// A part is like a service of its own, at an address that nobody else uses: a rule writes it into the packet, and the next
/// chain looks the endpoint up by it. It is out of 0.0.0.0/8, "this network" (RFC 1122), or 100::/64, which is for packets that
/// are discarded (RFC 6666), and is taken from a hash, so that a part keeps its address whatever else there is.
struct PartBook: Sendable {
    private let family: IPFamily
    private var taken: Set<IPAddress> = []
    private var addresses: [EndpointList.Key: [IPAddress]] = [:]

    /// No address is given yet.
    ///
    /// - Parameter services: in the order of their keys; parts are kept off theirs.
    init(_ family: IPFamily, besides services: [ServiceEntry]) {
        self.family = family
        let network = IPAddress(family, bits: family.partNetwork << family.partHostBits)
        let start = services.indices.firstPlace { place in
            services[place].key.service.map { $0.address >= network } ?? false
        }
        for address in services[start...].lazy.compactMap({ $0.key.service?.address }) {
            guard family.isOfParts(address) else { break }
            taken.insert(address)
        }
    }

    /// Whether a key's address is one that a part may be given. Where a service's own key of this kind comes or goes, the book has
    /// to be made anew: it gave addresses besides the others.
    static func mayGive(_ key: ElementKey) -> Bool {
        key.service.map { $0.address.family.isOfParts($0.address) } ?? false
    }

    /// The addresses of a list's parts, of which there are so many from now on.
    mutating func assign(_ list: EndpointList.Key, count: Int) -> [IPAddress] {
        var known = addresses[list] ?? []
        while known.count > count { taken.remove(known.removeLast()) }
        while known.count < count { known.append(next("\(list.scope.prefix)\(list.key) \(known.count)")) }
        addresses[list] = known.isEmpty ? nil : known
        return known
    }

    private mutating func next(_ name: String) -> IPAddress {
        let hosts: UInt128 = 1 << family.partHostBits
        var host = UInt128(fnv1a(name)) % hosts
        while true {
            let address = IPAddress(family, bits: family.partNetwork << family.partHostBits | host)
            // The first address of a range means the range.
            if host != 0, taken.insert(address).inserted { return address }
            host = (host + 1) % hosts
        }
    }
}

extension IPFamily {
    fileprivate var partHostBits: UInt128 { self == .ipv4 ? 24 : 64 }
    fileprivate var partNetwork: UInt128 { self == .ipv4 ? 0 : 0x0100_0000_0000_0000 }

    fileprivate func isOfParts(_ address: IPAddress) -> Bool { address.bits >> partHostBits == partNetwork }
}
