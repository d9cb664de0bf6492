// SPDX-License-Identifier: Apache-2.0

/// What a chain is for. Its name follows from that, and names that the kernel lists are read back to it here.
package enum ChainPurpose: Sendable, Hashable {
    /// Where first packets enter that arrive from outside or from pods.
    case prerouting
    /// Where first packets of processes on this node enter.
    case output
    /// Where sources are masqueraded.
    case postrouting
    /// Where connections to this node pass with their own source address, for session affinity.
    case affinityInput
    /// Where other connections do.
    case affinityPostrouting
    /// Finds the way to a service; everything enters here.
    case dispatch
    /// Refuses and drops what no service is there for.
    case unserved
    /// Empty, kept with the ``Provenance``: it can be replaced without the kernel checking the whole table again.
    case record
    /// Translates to endpoint number `slot` of a scope.
    case slot(SlotScope, Int)
    /// What becomes of the traffic of a key, whichever service it belongs to; never ``Shape/drop``.
    case shape(Shape)
    /// Translates to the endpoint that a client of one service port stays with.
    case recall(isLocal: Bool, of: String)
    /// Remembers which endpoint a client of one service port was given.
    case remember(isLocal: Bool, of: String)
    /// The same, where pods and this node use other endpoints than the rest.
    case rememberBoth(of: String)
    /// Finds the service port that a connection was for, to have its client remembered.
    case rememberAny
    /// Somebody else's, of a name that Ferrule never gives.
    case foreign(String)

    /// Refuses traffic of services without endpoints.
    package static let refuse = ChainPurpose.shape(.refuse)
}

extension ChainPurpose {
    package var name: ChainName { ChainName(text) }

    private var text: String {
        switch self {
        case .prerouting: "nat-prerouting"
        case .output: "nat-output"
        case .postrouting: "nat-postrouting"
        case .affinityInput: "nat-input"
        case .affinityPostrouting: "nat-remember"
        case .dispatch: "dispatch"
        case .unserved: "unserved"
        case .record: "record"
        case .slot(let scope, let slot): "\(scope.prefix)slot-\(slot)"
        case .shape(let shape): shape.name
        case .recall(let isLocal, let port): "\(localPrefix(isLocal))recall-\(port)"
        case .remember(let isLocal, let port): "\(localPrefix(isLocal))remember-\(port)"
        case .rememberBoth(let port): "both-remember-\(port)"
        case .rememberAny: "remember"
        case .foreign(let name): name
        }
    }

    /// What a chain of a name is for.
    package init(_ name: ChainName) {
        let purpose = ChainPurpose.unique[name] ?? ChainPurpose.numberedOrOfService(name.description[...])
        self = purpose.flatMap { $0.name == name ? $0 : nil } ?? .foreign(name.description)
    }

    /// Those that there is one chain of.
    private static let unique = byName([
        .prerouting, .output, .postrouting, .affinityInput, .affinityPostrouting, .dispatch, .unserved, .record,
        .refuse, .rememberAny,
    ])

    private static func byName(_ purposes: [ChainPurpose]) -> [ChainName: ChainPurpose] {
        Dictionary(uniqueKeysWithValues: purposes.map { ($0.name, $0) })
    }

    private static func numberedOrOfService(_ name: Substring) -> ChainPurpose? {
        if let shape = Shape(name), shape != .drop { return .shape(shape) }
        var rest = name
        if rest.take("both-remember-") { return .rememberBoth(of: String(rest)) }
        let scope = SlotScope(takenFrom: &rest)
        if rest.take("slot-") { return Int(rest).map { .slot(scope, $0) } }
        if rest.take("recall-") { return .recall(isLocal: scope.isLocal, of: String(rest)) }
        return rest.take("remember-") ? .remember(isLocal: scope.isLocal, of: String(rest)) : nil
    }

    /// Whether somebody else made the chain.
    package var isForeign: Bool { if case .foreign = self { true } else { false } }

    /// What every table of Ferrule has a chain for.
    package static let always: [ChainPurpose] = [
        .prerouting, .output, .postrouting, .dispatch, .unserved, .refuse, .record,
    ]

    /// Whether Ferrule makes the chain for certain services or settings only. It then may stand in a kernel from a time when
    /// it was needed: such chains stay for a while, because a packet may be about to enter them.
    package var mayBeLeftOver: Bool {
        switch self {
        case .prerouting, .output, .postrouting, .dispatch, .unserved, .record, .shape(.refuse), .foreign: false
        case .affinityInput, .affinityPostrouting, .slot, .shape, .recall, .remember, .rememberBoth, .rememberAny:
            true
        }
    }

    /// Where packets enter a chain of the purpose; nil where only rules lead to it, and for chains of others.
    package var base: BaseChain? {
        switch self {
        case .prerouting: BaseChain(.nat, .prerouting, priority: BaseChain.destinationNAT)
        case .output: BaseChain(.nat, .output, priority: BaseChain.destinationNAT)
        // Before srcnat (100): NAT chains behind the one that translates are skipped, and other programs masquerade at 100.
        case .affinityPostrouting: BaseChain(.nat, .postrouting, priority: 50)
        // Behind all conventional places of the input hook.
        case .affinityInput: BaseChain(.nat, .input, priority: 150)
        case .postrouting: BaseChain(.nat, .postrouting, priority: BaseChain.sourceNAT)
        case .dispatch, .unserved, .record, .slot, .shape, .recall, .remember, .rememberBoth, .rememberAny, .foreign:
            nil
        }
    }
}
