// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleListing
internal import FerruleNetwork
internal import FerruleResolution

extension Listing {
    /// The services for programs; `docs/get-json.md` documents it. What is added to it keeps the version.
    var servicesJSON: String {
        get throws { try JSONText.encode(ListingJSON(self, services: rows.map(ServiceJSON.init))) }
    }

    /// The endpoints for programs.
    var endpointsJSON: String {
        get throws {
            let endpoints = rows.flatMap { row in
                row.ports.flatMap { port in port.endpoints.map { EndpointJSON($0, row, port) } }
            }
            return try JSONText.encode(ListingJSON(self, endpoints: endpoints))
        }
    }
}

/// The document.
private struct ListingJSON: Encodable {
    var version = 1
    var source: String
    /// Absent where it is about all nodes, or the kernel's.
    var node: String?
    var services: [ServiceJSON]?
    var endpoints: [EndpointJSON]?

    init(_ listing: Listing, services: [ServiceJSON]? = nil, endpoints: [EndpointJSON]? = nil) {
        (source, node) = (listing.source.rawValue, listing.nodeName)
        (self.services, self.endpoints) = (services, endpoints)
    }
}

private struct ServiceJSON: Encodable {
    struct Port: Encodable {
        var name: String?
        var `protocol`: String?
        var port: UInt16?
        var nodePort: UInt16?
        var endpoints: [String]

        init(_ row: ServicePortRow) {
            name = row.name.isEmpty ? nil : row.name
            `protocol` = row.transport?.name
            (port, nodePort) = (row.number?.number, row.nodePort?.number)
            endpoints = row.endpoints.filter(\.getsTraffic).map(\.text)
        }
    }

    struct Count: Encodable {
        var traffic: Int
        var ready: Int?
        var all: Int?
    }

    var namespace: String
    var name: String
    var type: String?
    var unserved: String?
    var externalName: String?
    var clusterIPs: [String]
    var externalAddresses: [String]
    var balancerIPs: [String]?
    var remoteBalancers: [String]?
    var internalTrafficPolicy: String?
    var externalTrafficPolicy: String?
    var affinitySeconds: Int?
    var sourceRanges: [String]?
    var endpoints: Count
    var ports: [Port]

    init(_ row: ServiceRow) {
        (namespace, name, type) = (row.key.namespace, row.key.name, row.type?.rawValue)
        switch row.kind {
        case .virtual: break
        case .headless: unserved = "headless"
        case .externalName: (unserved, externalName) = ("externalName", row.externalName)
        case .leftToAnotherProxy: unserved = "otherProxy"
        }
        clusterIPs = row.clusterIPs.map(\.description)
        externalAddresses = row.externalAddresses.map(\.description)
        balancerIPs = row.balancerIPs?.map(\.description)
        remoteBalancers = row.remoteBalancers.isEmpty ? nil : row.remoteBalancers
        internalTrafficPolicy = row.internalPolicy?.rawValue
        externalTrafficPolicy = row.externalPolicy?.rawValue
        affinitySeconds = row.affinitySeconds
        sourceRanges = row.sourceRanges?.map(\.description)
        let count = row.endpointCount
        endpoints = Count(traffic: count.traffic, ready: count.ready, all: count.all)
        ports = row.ports.map(Port.init)
    }
}

private struct EndpointJSON: Encodable {
    var namespace: String
    var service: String
    var portName: String?
    var `protocol`: String?
    var port: UInt16?
    var address: String
    var targetPort: UInt16?
    var traffic: Bool
    var state: String?
    var node: String?
    var zone: String?
    var local: Bool?
    var zoneHints: [String]?
    var nodeHints: [String]?

    init(_ row: EndpointRow, _ service: ServiceRow, _ port: ServicePortRow) {
        (namespace, self.service) = (service.key.namespace, service.key.name)
        portName = port.name.isEmpty ? nil : port.name
        (`protocol`, self.port) = (port.transport?.name, port.number?.number)
        (address, targetPort, traffic) = (row.address.description, row.port?.number, row.getsTraffic)
        (state, node, zone, local) = (row.state?.rawValue, row.nodeName, row.zone, row.isLocal)
        zoneHints = row.zoneHints.isEmpty ? nil : row.zoneHints
        nodeHints = row.nodeHints.isEmpty ? nil : row.nodeHints
    }
}
