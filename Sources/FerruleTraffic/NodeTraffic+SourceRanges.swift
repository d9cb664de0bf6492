// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

extension NodeTraffic {
    /// The ranges that the rules let in at a balancer's address, as a definition has them.
    func sourceRanges(of packet: Packet) -> [Prefix] {
        let service: [Concatenation.Value] = [
            .address(packet.destination.address), .transportProtocol(packet.transport), .port(packet.destination.port),
        ]
        return (set(.sourceRanges, packet.family)?.elements ?? []).compactMap { element in
            let key = Array(element.key.values)
            guard element.comment != Element.sourceOfNode, key.starts(with: service),
                case .prefix(let range)? = key.last
            else { return nil }
            return range
        }
    }
}
