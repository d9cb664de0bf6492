// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

extension NodeTraffic {
    /// The ranges that the rules let in at a balancer's address, as far as a definition may have them: not the balancers' own
    /// addresses, which go with a range that holds the node's, and not the unspecified one, which stands for nobody.
    func sourceRanges(of packet: Packet) -> [Prefix] {
        let service: [Concatenation.Value] = [
            .address(packet.destination.address), .transportProtocol(packet.transport), .port(packet.destination.port),
        ]
        let keys = (set(.sourceRanges, packet.family)?.elements ?? []).map { Array($0.key.values) }
        let own = Set(keys.compactMap(\.first))
        return keys.compactMap { key in
            guard key.starts(with: service), case .prefix(let range)? = key.last else { return nil }
            let isWritten =
                !range.isOfOneAddress || !(range.address.isUnspecified || own.contains(.address(range.address)))
            return isWritten ? range : nil
        }
    }
}
