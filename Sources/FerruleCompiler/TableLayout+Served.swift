// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleParallel
internal import FerruleResolution
internal import FerruleRuleset

extension TableLayout {
    /// What a table serves, for connections that are tracked already.
    ///
    /// - Parameter table: the one of the contents.
    func served(_ contents: TableContents, by table: Table) -> ServedAddresses {
        var served = servedNothing
        served.services = contents.services.served(by: table, .services)
        served.nodePorts = contents.nodePorts.served(by: table, .nodePorts)
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
    /// - Parameter purpose: of the map that holds these entries, in their order.
    fileprivate func served(by table: Table, _ purpose: SetPurpose) -> ServedElements {
        let elements = table.set(purpose)?.elements ?? []
        return ServedElements(elements, parallelMap(count: elements.count, sliceLength: 4096) { self[$0].served })
    }
}

extension ServiceEntry {
    var served: ServedAddresses.Service {
        var inner = shape
        var sources: [Prefix]?
        if case .firewall(let shape) = shape {
            (inner, sources) = (shape, contribution.service.ports[claim.port].allowedSources)
        }
        return ServedAddresses.Service(
            endpoints: contribution.service.ports[claim.port].endpoints.serving, sources: sources,
            yieldsToNodePort: inner == .refuseUnlessNodePort, isAtClusterIP: claim.rank == .clusterIP)
    }
}
