// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The parts of all services of a table that are cut into parts.
///
/// A part is like a service of its own, at an address that packets bear between two rules alone and that nobody else uses.
struct ServiceParts {
    struct Service {
        let scope: SlotScope
        let key: ElementKey
        let targets: [Target]
    }

    struct Part {
        let scope: SlotScope
        /// The service's.
        let key: ElementKey
        let number: Int
        let address: IPAddress
        let targets: ArraySlice<Target>

        /// What the endpoints are found by.
        var endpointKey: ElementKey { key.ofPart(address) }
    }

    private(set) var all: [Part] = []

    /// - Parameter taken: keys under which nothing of parts may stand.
    init(_ services: [Service], _ limits: PartLimits, _ family: IPFamily, besides taken: [ElementKey]) {
        guard !services.isEmpty else { return }
        var addresses = PartAddresses(family, besides: taken)
        for service in services {
            var start = 0
            for (number, size) in limits.sizes(of: service.targets.count).enumerated() {
                all.append(
                    Part(
                        scope: service.scope, key: service.key, number: number,
                        address: addresses.next("\(service.scope.prefix)\(service.key) \(number)"),
                        targets: service.targets[start..<start + size]))
                start += size
            }
        }
    }

    /// `parts-0`, `parts-1`, …: from the keys of a scope to the addresses of their i-th parts.
    func maps(_ scope: SlotScope) -> [SetDefinition] {
        var maps: [[Element]] = []
        for part in all where part.scope == scope {
            if part.number == maps.count { maps.append([]) }
            maps[part.number].append(Element(part.key, .data(.address(part.address))))
        }
        return maps.enumerated().map { number, elements in
            SetDefinition(
                .parts(scope, number: number), key: scope.keyType, value: .data([.address]),
                size: SetSize.map(elements.count), elements: elements)
        }
    }
}

/// Gives addresses to parts, each once: out of 0.0.0.0/8, "this network" (RFC 1122), and 100::/64, which is for packets that
/// are discarded (RFC 6666). It is taken from a hash, so that a part keeps its address whatever else there is.
private struct PartAddresses {
    private let family: IPFamily
    private var taken: Set<IPAddress>

    init(_ family: IPFamily, besides keys: [ElementKey]) {
        self.family = family
        taken = []
        for address in keys.lazy.compactMap(\.service?.address)
        where address.bits >> family.partHostBits == family.partNetwork {
            taken.insert(address)
        }
    }

    mutating func next(_ name: String) -> IPAddress {
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
}
