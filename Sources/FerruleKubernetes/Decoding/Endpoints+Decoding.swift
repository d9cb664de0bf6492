// SPDX-License-Identifier: Apache-2.0

extension Endpoints: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, subsets }

    static let schema = FieldSchema(
        object: Keys.self, [.metadata: .object(ObjectMeta.schema), .subsets: .list(of: EndpointSubset.schema)])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
        subsets = fields.list(.subsets) ?? []
    }
}

extension EndpointSubset: Decodable {
    private enum Keys: CodingKey, CaseIterable { case addresses, notReadyAddresses, ports }

    static let schema = FieldSchema(
        Keys.self,
        [
            .addresses: .list(of: EndpointAddress.schema), .notReadyAddresses: .list(of: EndpointAddress.schema),
            .ports: .list(of: EndpointPort.schema),
        ])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        addresses = fields.list(.addresses) ?? []
        notReadyAddresses = fields.list(.notReadyAddresses) ?? []
        ports = fields.list(.ports) ?? []
        // A pointer in slices only.
        for index in ports.indices where ports[index].protocol == "" { ports[index].protocol = nil }
    }
}

extension EndpointAddress: Decodable {
    private enum Keys: CodingKey, CaseIterable { case ip, nodeName, hostname }

    static let schema = FieldSchema(
        Keys.self, unread: [.init("targetRef", .object(.objectReference))])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        ip = fields.value(.ip) ?? ""
        nodeName = fields.value(.nodeName)
        hostname = fields.text(.hostname)
    }
}
