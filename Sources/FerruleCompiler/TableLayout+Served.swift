// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

extension TableLayout {
    /// What the table serves, for connections that are tracked already.
    func served(_ contents: TableContents) -> ServedAddresses {
        var served = servedNothing
        served.services = contents.services.served
        served.nodePorts = contents.nodePorts.served
        served.clusterIPs = contents.clusterIPs
        served.serviceCIDRs = serviceCIDRs
        return served
    }

    /// Where node ports would be served.
    var servedNothing: ServedAddresses {
        var served = ServedAddresses()
        served.nodeAddresses =
            switch nodePortAddresses {
            case .all: .local(within: [])
            case .listed(let addresses): .listed(Set(addresses))
            case .within(let ranges, _): .local(within: ranges)
            }
        return served
    }
}

extension [ServiceEntry] {
    /// - Precondition: in the order of the keys.
    fileprivate var served: SortedValues<ElementKey, ServedAddresses.Service> {
        SortedValues(sortedKeys: map(\.key), values: map(\.served))
    }
}

extension ServiceEntry {
    var served: ServedAddresses.Service {
        var inner = shape
        var sources: [Prefix]?
        if case .firewall(let shape) = shape {
            (inner, sources) = (shape, contribution.service.ports[claim.port].sourceRanges)
        }
        return ServedAddresses.Service(
            endpoints: contribution.service.ports[claim.port].endpoints.serving, sources: sources,
            yieldsToNodePort: inner == .refuseUnlessNodePort)
    }
}
