// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution

/// Puts what goes to an address together: by its ports.
enum AddressDispatch {
    /// Entries of a tree over destination addresses, and the chains of addresses that have too many ports for one.
    static func entries(
        _ ways: [(claim: Claims.Claim, target: IPTablesTarget)], key: String, label: String
    ) -> (entries: [DispatchTree.Entry], chains: [IPTablesChain]) {
        var byAddress: [IPAddress: PortDispatch] = [:]
        for (claim, target) in ways {
            guard let address = claim.address else { continue }
            byAddress[address, default: PortDispatch()].append(claim.port.protocol, claim.port.port, target)
        }
        var chains: [IPTablesChain] = []
        let entries = byAddress.sorted { $0.key < $1.key }.map { address, ports in
            let prefix = Prefix(address)
            guard ports.ways.count > DispatchTree.fanOut else {
                return DispatchTree.Entry(prefix, ports.rules([.destination(prefix)]))
            }
            let name = IPTablesChainName(.branch, "\(key) \(address)")
            chains += ports.chains(name, label: "\(label) \(address) \(key)")
            return DispatchTree.Entry(prefix, [IPTablesRule(.destination(prefix), target: .goto(name))])
        }
        return (entries, chains)
    }
}
