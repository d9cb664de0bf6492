// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

extension TableBuilder {
    /// What the table serves, for connections that are tracked already.
    var served: ServedAddresses {
        var served = servedNothing
        for isNodePort in [false, true] {
            for entry in winners(isNodePort: isNodePort) { served.services[entry.key] = entry.served }
        }
        served.clusterIPs = Set(clusterIPs.values)
        served.serviceCIDRs = layout.serviceCIDRs
        return served
    }

    /// Where node ports would be served.
    var servedNothing: ServedAddresses {
        var served = ServedAddresses()
        served.nodeAddresses =
            switch layout.nodePortAddresses {
            case .all: .local(within: [])
            case .listed(let addresses): .listed(Set(addresses))
            case .within(let ranges, _): .local(within: ranges)
            }
        return served
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
