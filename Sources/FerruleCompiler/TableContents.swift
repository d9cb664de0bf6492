// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// What a builder holds, in order: worked out once for all that is made of it.
struct TableContents {
    /// The claims that have won their keys, in the order of these.
    let services: [ServiceEntry]
    let nodePorts: [ServiceEntry]
    /// Sorted. A ClusterIP wins its keys, if only against another service's, so that all of them stand among the winners.
    let clusterIPs: [IPAddress]

    init(services: [ServiceEntry], nodePorts: [ServiceEntry]) {
        (self.services, self.nodePorts) = (services, nodePorts)
        var addresses: [IPAddress] = []
        addresses.reserveCapacity(services.count)
        for entry in services {
            if let address = entry.clusterIP, address != addresses.last { addresses.append(address) }
        }
        clusterIPs = addresses
    }

    func entries(isNodePort: Bool) -> [ServiceEntry] { isNodePort ? nodePorts : services }

    var all: [ServiceEntry] { nodePorts.isEmpty ? services : services + nodePorts }
}
