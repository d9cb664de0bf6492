// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// How sets are declared, by what they are for.
enum SetLayout {
    static func addresses(_ purpose: SetPurpose, _ addresses: [IPAddress]) -> SetDefinition {
        SetDefinition(
            purpose, key: [.address], size: SetSize.map(addresses.count),
            elements: addresses.map { Element(.address($0)) })
    }

    static func ranges(_ purpose: SetPurpose, _ ranges: [Prefix]) -> SetDefinition {
        SetDefinition(purpose, key: [.address], kind: .interval, elements: ranges.map { Element(.prefix($0)) })
    }

    static func hairpin(_ addresses: [IPAddress]) -> SetDefinition {
        SetDefinition(
            .hairpin, key: [.address, .address], size: SetSize.map(addresses.count),
            elements: addresses.map { Element(.hairpin($0)) })
    }

    /// A map of keys of a scope to verdicts.
    static func verdicts(_ purpose: SetPurpose, isNodePort: Bool, _ elements: [Element]) -> SetDefinition {
        SetDefinition(
            purpose, key: isNodePort ? Keys.nodePortType : Keys.serviceType, value: .verdict,
            size: SetSize.map(elements.count), elements: elements)
    }

    /// A set without elements.
    static func declaration(of purpose: SetPurpose) -> SetDefinition {
        switch purpose {
        case .services, .affinityServices, .affinityRecall: verdicts(purpose, isNodePort: false, [])
        case .nodePorts: verdicts(purpose, isNodePort: true, [])
        case .clusterIPs, .nodePortAddresses: addresses(purpose, [])
        case .serviceCIDRs, .podCIDRs: ranges(purpose, [])
        case .hairpin: hairpin([])
        case .sourceRanges: sourceRanges([])
        case .endpoints(let scope, let slot): endpoints(scope, slot: slot, count: 0)
        case .parts(let scope, let number): parts(scope, number: number, count: 0)
        case .affinity, .foreign: SetDefinition(purpose, key: [.address], value: .data(Keys.endpointType))
        }
    }

    static func sourceRanges(_ elements: [Element]) -> SetDefinition {
        SetDefinition(.sourceRanges, key: Keys.sourceType, kind: .interval, elements: elements)
    }

    /// - Parameter count: how many elements it is made for.
    static func endpoints(_ scope: SlotScope, slot: Int, count: Int, _ elements: [Element] = []) -> SetDefinition {
        SetDefinition(
            .endpoints(scope, slot: slot), key: scope.keyType, value: .data(Keys.endpointType),
            size: SetSize.map(count), elements: elements)
    }

    /// - Parameter count: how many elements it is made for.
    static func parts(_ scope: SlotScope, number: Int, count: Int, _ elements: [Element] = []) -> SetDefinition {
        SetDefinition(
            .parts(scope, number: number), key: scope.keyType, value: .data([.address]), size: SetSize.map(count),
            elements: elements)
    }
}
