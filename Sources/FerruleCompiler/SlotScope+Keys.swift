// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

extension SlotScope {
    init(isNodePort: Bool, list: TrafficPolicy) { self.init(isNodePort: isNodePort, isLocal: list == .local) }

    /// The list whose endpoints the slots hold.
    var list: TrafficPolicy { isLocal ? .local : .cluster }

    /// What the maps of the scope are looked up by.
    var key: [Field] { isNodePort ? Keys.nodePort : Keys.service }

    /// The map of the endpoints number `slot`.
    func endpoints(_ slot: Int) -> SetName { SetPurpose.endpoints(self, slot: slot).name }

    /// The map of the addresses of parts number `number`.
    func parts(_ number: Int) -> SetName { SetPurpose.parts(self, number: number).name }

    /// The chain that translates to endpoint number `slot`.
    func slot(_ slot: Int) -> ChainName { ChainPurpose.slot(self, slot).name }

    /// The map that tells where clients are remembered.
    var recall: SetPurpose { .affinityRecall(isLocal: isLocal) }
}

/// The keys that the large maps are looked up by.
enum Keys {
    /// `ip daddr . meta l4proto . th dport`
    static let service: [Field] = [.destinationAddress, .transportProtocol, .destinationPort]
    static let serviceType = SlotScope(isNodePort: false, isLocal: false).keyType
    /// `meta l4proto . th dport`
    static let nodePort: [Field] = [.transportProtocol, .destinationPort]
    static let nodePortType = SlotScope(isNodePort: true, isLocal: false).keyType
    /// `ip daddr . meta l4proto . th dport . ip saddr`
    static let source: [Field] = service + [.sourceAddress]
    static let sourceType: [SetDefinition.DataType] = serviceType + [.address]
    /// An endpoint.
    static let endpointType: [SetDefinition.DataType] = [.address, .port]
}
