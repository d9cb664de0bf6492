// SPDX-License-Identifier: Apache-2.0
//
// IPTablesWalk: follows a packet through chains of iptables as values, by all that chance may decide, for tests and to count rules.

package import FerruleIPTables
package import FerruleNetwork

/// The way of the first packet of a connection that nobody remembers.
package struct IPTablesWalk {
    package struct Packet {
        package var source: IPAddress
        package var destination: IPAddress
        package var port: UInt16
        package var transport = TransportProtocol.tcp
        package var localAddresses: Set<IPAddress> = []

        package init(from source: IPAddress, to destination: IPAddress, _ port: UInt16) {
            (self.source, self.destination, self.port) = (source, destination, port)
        }
    }

    /// How often each endpoint is taken.
    package private(set) var shares: [Endpoint: Double] = [:]
    /// How often nothing translates the packet.
    package private(set) var untranslated = 0.0
    /// How many rules a packet is compared with: on average, and at most.
    package private(set) var meanRules = 0.0
    package private(set) var mostRules = 0

    private let chains: [IPTablesChainName: [IPTablesRule]]
    private let packet: Packet

    /// Walks from the jump in a built-in chain on.
    package init(_ packet: Packet, _ table: IPTablesTable, from builtIn: String = "PREROUTING") {
        self.init(
            packet, Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0.rules) }), table.jumps[builtIn])
    }

    /// - Parameter chains: those of a table, by name.
    package init(_ packet: Packet, _ chains: [IPTablesChainName: [IPTablesRule]], _ jump: IPTablesRule?) {
        (self.packet, self.chains) = (packet, chains)
        walk(Place(rules: (jump.map { [$0] } ?? [])[...], callers: [], share: 1, met: 0))
    }

    private struct Place {
        /// Those of the chain that are left.
        var rules: ArraySlice<IPTablesRule>
        /// What is left of the chains that were jumped from.
        var callers: [ArraySlice<IPTablesRule>]
        var share: Double
        var met: Int
    }

    private mutating func walk(_ start: Place) {
        var place = start
        while true {
            guard let rule = place.rules.popFirst() else {
                guard let caller = place.callers.popLast() else { return end(place, nil) }
                place.rules = caller
                continue
            }
            place.met += 1
            let chance = chance(rule)
            guard chance > 0 else { continue }
            guard let target = rule.target, target.endsRule else { continue }
            var taken = place
            taken.share *= chance
            take(target, &taken)
            place.share *= 1 - chance
            if place.share == 0 { return }
        }
    }

    private mutating func take(_ target: IPTablesTarget, _ place: inout Place) {
        switch target {
        case .dnat(let endpoint): return end(place, endpoint)
        case .accept, .drop, .reject, .masquerade, .setMark, .clearMark: return end(place, nil)
        case .return: place.rules = place.callers.popLast() ?? []
        case .goto(let name): place.rules = (chains[name] ?? [])[...]
        case .jump(let name):
            place.callers.append(place.rules)
            place.rules = (chains[name] ?? [])[...]
        }
        walk(place)
    }

    private mutating func end(_ place: Place, _ endpoint: Endpoint?) {
        if let endpoint { shares[endpoint, default: 0] += place.share } else { untranslated += place.share }
        meanRules += place.share * Double(place.met)
        mostRules = max(mostRules, place.met)
    }

    /// How often a rule matches the packet.
    private func chance(_ rule: IPTablesRule) -> Double {
        rule.matches.reduce(1) { $0 * chance($1) }
    }

    private func chance(_ match: IPTablesMatch) -> Double {
        let matches: Bool =
            switch match {
            case .source(let prefix, let negated): prefix.contains(packet.source) != negated
            case .destination(let prefix, let negated): prefix.contains(packet.destination) != negated
            case .inputInterface(_, _, let negated): negated
            case .transport(let transport): transport == packet.transport
            case .destinationPorts(let transport, let ports):
                transport == packet.transport && ports.contains(packet.port)
            case .sourceIsLocal: packet.localAddresses.contains(packet.source)
            case .destinationIsLocal: packet.localAddresses.contains(packet.destination)
            case .isNew: true
            case .isDNAT: false
            // Marks lead nobody to another endpoint.
            case .mark(_, let negated): negated
            case .recent(.set, _): true
            case .recent: false
            case .random: true
            }
        if case .random(let share) = match { return Double(share) / 2_147_483_648 }
        return matches ? 1 : 0
    }
}

extension IPTablesTarget {
    /// Whether the packet does not go on to the next rule at once.
    fileprivate var endsRule: Bool {
        switch self {
        case .setMark, .clearMark: false
        default: true
        }
    }
}
