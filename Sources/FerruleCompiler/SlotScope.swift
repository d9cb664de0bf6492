// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// One family of slot chains: for which kind of key, and for which list of endpoints.
///
/// Virtual addresses and node ports never share slots: with a slot missing for a moment, one service's packets would reach
/// another's pods.
struct SlotScope: Hashable {
    let isNodePort: Bool
    /// The list whose endpoints the slots hold.
    let list: TrafficPolicy

    static let all = [false, true].flatMap { isNodePort in
        [TrafficPolicy.cluster, .local].map { SlotScope(isNodePort: isNodePort, list: $0) }
    }

    /// Where the endpoints of parts stand, whatever the scope of their service: their addresses are like virtual ones.
    static let ofParts = SlotScope(isNodePort: false, list: .cluster)

    /// `nodeport-local-`, `nodeport-`, `local-` or nothing.
    var prefix: String { nodePortPrefix + (list == .local ? "local-" : "") }

    /// What names of chains for node ports start with.
    var nodePortPrefix: String { isNodePort ? "nodeport-" : "" }

    /// The map of the endpoints number `slot`: `endpoints-0`, `nodeport-local-endpoints-0`.
    func endpoints(_ slot: Int) -> SetName { SetName("\(prefix)endpoints-\(slot)") }

    /// The map of the addresses of parts: `parts-0`, `nodeport-local-parts-0`.
    func parts(_ number: Int) -> SetName { SetName("\(prefix)parts-\(number)") }

    /// The chain that translates to endpoint number `slot`.
    func slot(_ slot: Int) -> ChainName { ChainName("\(prefix)slot-\(slot)") }

    /// What the maps of the scope are looked up by.
    var key: [Field] { isNodePort ? Keys.nodePort : Keys.service }

    var keyType: [SetDefinition.DataType] { isNodePort ? Keys.nodePortType : Keys.serviceType }

    /// The map that tells where clients of a virtual address or node port are remembered. Node ports stand in it by node
    /// address, for behind the translation a port number alone may be anybody's.
    var recall: SetName { SetName(list == .local ? "local-affinity-recall" : "affinity-recall") }
}

/// The keys that the large maps are looked up by.
enum Keys {
    /// `ip daddr . meta l4proto . th dport`
    static let service: [Field] = [.destinationAddress, .transportProtocol, .destinationPort]
    static let serviceType: [SetDefinition.DataType] = [.address, .transportProtocol, .port]
    /// `meta l4proto . th dport`
    static let nodePort: [Field] = [.transportProtocol, .destinationPort]
    static let nodePortType: [SetDefinition.DataType] = [.transportProtocol, .port]
    /// `ip daddr . meta l4proto . th dport . ip saddr`
    static let source: [Field] = service + [.sourceAddress]
    static let sourceType: [SetDefinition.DataType] = serviceType + [.address]
    /// An endpoint.
    static let targetType: [SetDefinition.DataType] = [.address, .port]
}
