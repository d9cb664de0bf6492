// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// One key that packets are found by, a virtual address with its port or a node port, and what it leads to.
struct ServiceEntry {
    let key: ElementKey
    let verdict: Verdict
    let label: String
    let targets: [Target]
}

/// The entries of all services of one family, sorted by key, each key once.
struct ServiceEntries {
    private(set) var services: [ServiceEntry] = []
    private(set) var nodePorts: [ServiceEntry] = []
    private(set) var clusterIPs: [IPAddress] = []
    /// The numbers of endpoints for which a `lb-N` and an `external-N` chain is needed.
    private(set) var balanceCounts: [SlotScope: Set<Int>] = [:]
    private(set) var externalCounts: [SlotScope: Set<Int>] = [:]

    /// Where two services claim one key, a ClusterIP wins over other addresses, then the first in the order of namespace
    /// and name; nothing of the loser's stands under the key.
    init(_ ports: [ResolvedPort]) {
        var addresses: Set<IPAddress> = []
        var names = ChainNames()
        services.reserveCapacity(ports.count)
        for port in ports {
            if let clusterIP = port.clusterIP {
                addresses.insert(clusterIP)
                let chain = names.chain(.service, port, isExternal: false)
                services.append(entry(.service(clusterIP, port.protocol, port.port), port, chain))
            }
            if let nodePort = port.nodePort {
                nodePorts.append(entry(.port(port.protocol, nodePort), port, names.chain(.nodePort, port, isExternal: true)))
            }
        }
        for port in ports {
            for address in port.externalAddresses {
                let chain = names.chain(.service, port, isExternal: true)
                services.append(entry(.service(address, port.protocol, port.port), port, chain))
            }
        }
        services = services.sortedKeepingFirst()
        nodePorts = nodePorts.sortedKeepingFirst()
        clusterIPs = addresses.sorted()
        (balanceCounts, externalCounts) = (names.balanceCounts, names.externalCounts)
    }

    /// The endpoint count of the largest service of a scope.
    func slotCount(_ scope: SlotScope) -> Int { balanceCounts[scope]?.max() ?? 0 }
}

private func entry(_ key: ElementKey, _ port: ResolvedPort, _ chain: ChainName) -> ServiceEntry {
    ServiceEntry(key: key, verdict: .goto(chain), label: port.label, targets: port.endpoints.cluster)
}

extension [ServiceEntry] {
    /// By key; of several with one key the first stays.
    fileprivate func sortedKeepingFirst() -> [ServiceEntry] {
        let order = indices.sorted {
            self[$0].key == self[$1].key ? $0 < $1 : self[$0].key < self[$1].key
        }
        var kept: [ServiceEntry] = []
        kept.reserveCapacity(count)
        for index in order where kept.last?.key != self[index].key { kept.append(self[index]) }
        return kept
    }
}

/// The chains that services go to, each name made once, and which of them are in use.
private struct ChainNames {
    private var balance: [SlotScope: [Int: ChainName]] = [:]
    private var external: [SlotScope: [Int: ChainName]] = [:]

    mutating func chain(_ scope: SlotScope, _ port: ResolvedPort, isExternal: Bool) -> ChainName {
        let count = port.endpoints.cluster.count
        if count == 0 { return ObjectNames.refuse }
        let balanceName = remember(scope.balance, in: &balance[scope, default: [:]], count)
        return isExternal ? remember(scope.external, in: &external[scope, default: [:]], count) : balanceName
    }

    var balanceCounts: [SlotScope: Set<Int>] { balance.mapValues { Set($0.keys) } }
    var externalCounts: [SlotScope: Set<Int>] { external.mapValues { Set($0.keys) } }

    private func remember(
        _ make: (Int) -> ChainName, in names: inout [Int: ChainName], _ count: Int
    ) -> ChainName {
        if let name = names[count] { return name }
        let name = make(count)
        names[count] = name
        return name
    }
}
