// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

extension Evaluator {
    /// What a statement does with a packet.
    enum StatementEffect {
        /// The next statement of the rule follows.
        case goOn
        /// The rest of the rule is not for this packet.
        case leaveRule
        case take(Verdict)
        /// One of these, each equally likely.
        case choose([Verdict])
        case refuse(withTCPReset: Bool)

        /// A match, which the packet fits or not.
        init(matching fits: Bool, negated: Bool = false) { self = fits != negated ? .goOn : .leaveRule }
    }

    /// Carries out a statement of a rule. Throws where it asks for what is not known.
    func carryOut(
        _ statement: Statement, at place: Way.Position, _ way: inout Way, _ environment: PacketEnvironment
    ) throws(PacketOutcome.Doubt) -> StatementEffect {
        switch statement {
        case .lookup(_, let set, let negated) where environment.assumedSets.contains(set):
            return StatementEffect(matching: true, negated: negated)
        case .lookup(let key, let set, let negated):
            let found = try find(way.key(key), in: set, &way, environment)
            return StatementEffect(matching: found != nil, negated: negated)
        case .verdictMap(let key, let map):
            let found = try find(way.key(key), in: map, &way, environment)
            if case .verdict(let verdict)? = found?.value { return .take(verdict) }
            return .leaveRule
        case .numgen(let verdicts): return .choose(verdicts)
        case .transportProtocol(let transport), .hasPort(let transport):
            return StatementEffect(matching: way.packet.transport == transport)
        case .inputInterface(let name, let isPrefix, let negated):
            // What a process on the node sends has come in by none, which no name is equal to.
            guard let interface = way.isFromNode ? "" : way.packet.inputInterface else {
                let chain = table.chains[place.chain]
                throw .inputInterface(chain.rules[place.rule], in: chain.name)
            }
            return StatementEffect(matching: isPrefix ? interface.hasPrefix(name) : interface == name, negated: negated)
        case .isLocal(let direction, let negated):
            let address = direction == .source ? way.packet.source : way.packet.destination.address
            return StatementEffect(matching: environment.isLocal(address), negated: negated)
        case .isNotLoopback: return StatementEffect(matching: !way.packet.destination.address.isLoopback)
        case .isDNAT: return StatementEffect(matching: way.packet.destination != way.originalDestination)
        case .hasMark(let mark): return StatementEffect(matching: way.packet.mark & mark.value != 0)
        case .setMark(let mark): way.packet.mark |= mark.value
        case .xorMark(let mark): way.packet.mark ^= mark.value
        case .setDestination(let key, let map):
            guard let address = try find(way.key(key), in: map, &way, environment)?.value.data?.address else {
                return .leaveRule
            }
            way.packet.destination = Endpoint(address, way.packet.destination.port)
        case .dnat(let key, let map):
            guard let endpoint = try find(way.key(key), in: map, &way, environment)?.value.data?.endpoint else {
                return .leaveRule
            }
            way.packet.destination = endpoint
            way.hasNewDestination = true
            return .take(.accept)
        case .update(let map, let key, let timeout, let data):
            let key = way.key(key)
            // What is there already is only renewed.
            let present = try find(key, in: map, &way, environment)?.value.data
            way.timeoutElements.append(TimeoutElement(map, key, present ?? way.key(data), timeout: timeout))
        case .masquerade:
            way.isMasqueraded = true
            return .take(.accept)
        case .reject(let withTCPReset): return .refuse(withTCPReset: withTCPReset)
        case .verdict(let verdict): return .take(verdict)
        }
        return .goOn
    }

    /// Looks a packet up.
    private func find(
        _ key: ElementKey, in name: SetName, _ way: inout Way, _ environment: PacketEnvironment
    ) throws(PacketOutcome.Doubt) -> Element? {
        // The set is not copied: there are some look-ups for each packet.
        guard let place = place(of: name) else { throw .foreignObject("set \(table.name) \(name)") }
        var found = table.sets[place].element(for: key)
        if table.sets[place].isDynamic, let data = environment.timeoutElements[name]?[key] {
            found = Element(key, .data(data))
        }
        if let found {
            way.met = Step.Met(set: table.sets[place].purpose, element: found)
        } else if let doubt = foreignElements[name] {
            throw doubt
        }
        return found
    }
}
