// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
package import FerruleRuleset

extension StandingIPTables {
    /// Which keys the rules that stand find, as far as it takes to know that they translated a connection: by it those of
    /// services that are gone are found. What stands behind the keys is left out.
    ///
    /// - Parameter current: what is served now, at the same addresses of the node.
    package func served(like current: ServedAddresses?) -> ServedAddresses {
        var served = ServedAddresses()
        served.nodeAddresses = current?.nodeAddresses ?? .local(within: [])
        var (services, nodePorts) = ([ElementKey: ServedAddresses.Service](), [ElementKey: ServedAddresses.Service]())
        find(.addresses, nil) { services[$0] = ServedAddresses.Service() }
        find(.nodePorts, nil) { nodePorts[$0] = ServedAddresses.Service() }
        (served.services, served.nodePorts) = (ServedElements(services), ServedElements(nodePorts))
        return served
    }

    /// Follows the branches of a tree from a chain on.
    private func find(_ chain: IPTablesChainName, _ address: IPAddress?, _ take: (ElementKey) -> Void) {
        for text in self[.nat].chains[chain] ?? [] {
            guard let rule = RuleReader.read(text, family)?.rule, let target = rule.target else { continue }
            var (found, key) = (address, ElementKey?.none)
            for match in rule.matches {
                switch match {
                case .destination(let prefix, negated: false) where prefix.isOfOneAddress:
                    found = prefix.address
                case .destinationPorts(let transport, let ports) where ports.count == 1:
                    guard let port = Port(Int(ports.lowerBound)) else { continue }
                    key = found.map { .service($0, transport, port) } ?? .port(transport, port)
                default: break
                }
            }
            if let key {
                take(key)
            } else if let next = target.chain, next.isBranch {
                find(next, found, take)
            }
        }
    }
}
