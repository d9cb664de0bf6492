// SPDX-License-Identifier: Apache-2.0

extension EndpointSlice: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, addressType, endpoints, ports }

    static let schema = FieldSchema(
        object: Keys.self,
        [
            .metadata: .object(ObjectMeta.schema), .endpoints: .list(of: Endpoint.schema),
            .ports: .list(of: EndpointPort.schema),
        ])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(
            meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""),
            addressType: fields.value(.addressType) ?? ""
        )
        endpoints = fields.list(.endpoints) ?? []
        ports = fields.list(.ports) ?? []
    }
}

extension EndpointSlice.Endpoint: Decodable {
    private enum Keys: CodingKey, CaseIterable { case addresses, conditions, nodeName, hostname, zone, hints }

    static let schema = FieldSchema(
        Keys.self, [.conditions: .object(EndpointConditions.schema), .hints: .object(EndpointHints.schema)],
        unread: [.init("targetRef", .object(.objectReference)), "deprecatedTopology"])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        addresses = fields.list(.addresses) ?? []
        if let conditions = fields.value(.conditions, as: EndpointConditions.self) {
            (ready, serving, terminating) = (conditions.ready, conditions.serving, conditions.terminating)
        }
        nodeName = fields.value(.nodeName)
        hostname = fields.value(.hostname)
        zone = fields.text(.zone)
        if let hints = fields.value(.hints, as: EndpointHints.self) {
            (zoneHints, nodeHints) = (hints.forZones, hints.forNodes)
        }
    }
}

extension EndpointPort: Decodable {
    private enum Keys: CodingKey, CaseIterable { case name, `protocol`, port, appProtocol }

    static let schema = FieldSchema(Keys.self)

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        name = fields.value(.name) ?? ""
        `protocol` = fields.value(.protocol)
        port = fields.value(.port)
        appProtocol = fields.value(.appProtocol)
    }
}

private struct EndpointConditions: Decodable {
    let ready: Bool?
    let serving: Bool?
    let terminating: Bool?

    private enum Keys: CodingKey, CaseIterable { case ready, serving, terminating }

    static let schema = FieldSchema(Keys.self)

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        ready = fields.value(.ready)
        serving = fields.value(.serving)
        terminating = fields.value(.terminating)
    }
}

private struct EndpointHints: Decodable {
    let forZones: [String]
    let forNodes: [String]

    private enum Keys: CodingKey, CaseIterable { case forZones, forNodes }

    static let schema = FieldSchema(
        Keys.self, [.forZones: .list(of: NamedHint.schema), .forNodes: .list(of: NamedHint.schema)])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        forZones = (fields.list(.forZones, of: NamedHint.self) ?? []).map(\.name)
        forNodes = (fields.list(.forNodes, of: NamedHint.self) ?? []).map(\.name)
    }
}

/// One of `hints.forZones` or `hints.forNodes`.
private struct NamedHint: Decodable {
    let name: String

    private enum Keys: CodingKey, CaseIterable { case name }

    static let schema = FieldSchema(Keys.self)

    init(from decoder: any Decoder) throws {
        name = try Fields<Keys>(decoder).value(.name) ?? ""
    }
}
