// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// A packet on its way through a table: what it is by now, and where.
struct Way: Sendable {
    /// A rule that comes next.
    struct Position {
        /// Its number in the table.
        var chain: Int
        var rule = 0
    }

    var packet: Packet
    /// Where it was going before any translation, which connection tracking keeps.
    let originalDestination: Endpoint
    /// Whether a process on the node sent it.
    let isFromNode: Bool
    var hook: BaseChain.Hook
    /// How many base chains of the hook it has passed.
    var passedChains = 0
    /// Where it is, and behind that where it came from by jumps, the last one at the end.
    var positions: [Position] = []
    var steps: [Step] = []
    /// What the present rule has found last.
    var met: Step.Met?
    var hasNewDestination = false
    var isMasqueraded = false
    var timeoutElements: [TimeoutElement] = []
    /// How many ways chance has made of one so far.
    var waysSoFar = 1
    /// How often it has gone to another chain.
    var hops = 0

    init(_ packet: Packet, enteringBy entry: Packet.Entry) {
        (self.packet, originalDestination) = (packet, packet.destination)
        (isFromNode, hook) = (entry == .output, entry.hook)
    }

    /// Where it goes on after all chains of its hook; nil where that was the last. `isLocal` is about its destination.
    func nextHook(isLocal: Bool) -> BaseChain.Hook? {
        switch hook {
        case .prerouting: isLocal ? .input : .forward
        case .forward, .output: .postrouting
        case .input, .postrouting: nil
        }
    }

    /// Whether it passes a chain unseen: once an address of a connection is settled, chains of type nat are done with it.
    func skips(_ base: BaseChain) -> Bool {
        guard base.kind == .nat else { return false }
        return switch hook {
        case .prerouting, .output: hasNewDestination
        case .forward, .input, .postrouting: isMasqueraded
        }
    }

    /// What rules can ask of it, as a key.
    func key(_ fields: [Field]) -> ElementKey {
        var key = ElementKey()
        for field in fields {
            switch field {
            case .sourceAddress: key.append(.address(packet.source))
            case .destinationAddress: key.append(.address(packet.destination.address))
            case .transportProtocol: key.append(.transportProtocol(packet.transport))
            case .destinationPort, .portOf: key.append(.port(packet.destination.port))
            case .originalDestinationAddress: key.append(.address(originalDestination.address))
            case .originalDestinationPort: key.append(.port(originalDestination.port))
            }
        }
        return key
    }

    func outcome(_ fate: PacketOutcome.Fate) -> PacketOutcome {
        PacketOutcome(fate: fate, isMasqueraded: isMasqueraded, timeoutElements: timeoutElements)
    }
}
