// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset
internal import FerruleText

/// What all services come to in the table of one family, in order: worked out once for all that is made of it.
struct TableContents {
    /// The claims that have won their keys, in the order of these.
    let services: [ServiceEntry]
    let nodePorts: [ServiceEntry]
    /// Sorted. A ClusterIP wins its keys, if only against another service's, so that all of them stand among the winners.
    let clusterIPs: [IPAddress]
    /// The addresses of endpoints on this node, for pods that reach themselves; sorted.
    let hairpin: [IPAddress]

    init(services: [ServiceEntry], nodePorts: [ServiceEntry], hairpin: [IPAddress]) {
        (self.services, self.nodePorts, self.hairpin) = (services, nodePorts, hairpin)
        var addresses: [IPAddress] = []
        addresses.reserveCapacity(services.count)
        for entry in services {
            if let address = entry.clusterIP, address != addresses.last { addresses.append(address) }
        }
        clusterIPs = addresses
    }

    /// The fold of contributions that will not be followed: the winners are found by sorting, which needs no ``TableBuilder``.
    init(_ contributions: [Contribution], _ family: IPFamily) {
        var services = Claimed()
        var nodePorts = Claimed()
        var hairpin: Set<IPAddress> = []
        services.reserveCapacity(contributions.count)
        for contribution in contributions {
            for index in contribution.claims.indices where contribution.claims[index].family == family {
                let (key, entry) = (contribution.claims[index].key, ServiceEntry(contribution, claim: index))
                if contribution.claims[index].isNodePort {
                    nodePorts.append(key, entry)
                } else {
                    services.append(key, entry)
                }
            }
            contribution.forEachMember(of: family) { _ in
            } hairpin: {
                hairpin.insert($0)
            }
        }
        self.init(services: services.winners, nodePorts: nodePorts.winners, hairpin: hairpin.sorted())
    }

    var isEmpty: Bool { services.isEmpty && nodePorts.isEmpty }

    func entries(isNodePort: Bool) -> [ServiceEntry] { isNodePort ? nodePorts : services }

    var all: [ServiceEntry] { nodePorts.isEmpty ? services : services + nodePorts }

    /// The claim that has won a key; nil where nobody claims it.
    func winner(_ key: ElementKey, isNodePort: Bool) -> ServiceEntry? {
        let entries = entries(isNodePort: isNodePort)
        return entries.indices.sortedPlace(of: key) { entries[$0].key }.map { entries[$0] }
    }
}

/// Claims of one map with their keys, in the order in which they were found.
private struct Claimed {
    private var keys: [ElementKey] = []
    private var entries: [ServiceEntry] = []

    mutating func reserveCapacity(_ count: Int) {
        keys.reserveCapacity(count)
        entries.reserveCapacity(count)
    }

    mutating func append(_ key: ElementKey, _ entry: ServiceEntry) {
        keys.append(key)
        entries.append(entry)
    }

    /// The first of each key, in the order of the keys.
    var winners: [ServiceEntry] {
        var winners: [ServiceEntry] = []
        winners.reserveCapacity(entries.count)
        var last: Int?
        for position in keys.ascendingPositions {
            if let last, keys[last] == keys[position] {
                if entries[position].precedes(winners[winners.count - 1]) {
                    winners[winners.count - 1] = entries[position]
                }
            } else {
                winners.append(entries[position])
                last = position
            }
        }
        return winners
    }
}
