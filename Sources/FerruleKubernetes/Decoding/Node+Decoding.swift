// SPDX-License-Identifier: Apache-2.0

extension Node: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, spec, status }

    static let schema = FieldSchema(
        object: Keys.self,
        [
            .metadata: .object(ObjectMeta.schema), .spec: .object(NodeSpec.schema),
            .status: .object(NodeStatus.schema),
        ])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
        let spec = fields.value(.spec, as: NodeSpec.self)
        (podCIDRs, taints) = (spec?.podCIDRs ?? [], spec?.taints ?? [])
        addresses = fields.value(.status, as: NodeStatus.self)?.addresses ?? []
    }
}

extension NodeAddress: Decodable {
    private enum Keys: CodingKey, CaseIterable { case type, address }

    static let schema = FieldSchema(Keys.self)

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        type = fields.value(.type) ?? ""
        address = fields.value(.address) ?? ""
    }
}

extension Namespace: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata }

    static let schema = FieldSchema(
        object: Keys.self, [.metadata: .object(ObjectMeta.schema)], unread: ["spec", "status"])

    package init(from decoder: any Decoder) throws {
        self.init(meta: try Fields<Keys>(decoder).value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
    }
}

extension ServiceCIDR: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, spec }

    static let schema = FieldSchema(
        object: Keys.self, [.metadata: .object(ObjectMeta.schema), .spec: .object(ServiceCIDRSpec.schema)],
        unread: ["status"])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
        cidrs = fields.value(.spec, as: ServiceCIDRSpec.self)?.cidrs ?? []
    }
}

private struct NodeSpec: Decodable {
    let podCIDRs: [String]
    let taints: [String]

    private enum Keys: CodingKey, CaseIterable { case podCIDR, podCIDRs, taints }

    static let schema = FieldSchema(
        Keys.self, [.taints: .list(of: Taint.schema)],
        unread: ["providerID", "unschedulable", "configSource", "externalID"])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        taints = fields.list(.taints, of: Taint.self)?.map(\.key) ?? []
        podCIDRs = fields.list(.podCIDRs) ?? fields.value(.podCIDR, as: String.self).map { [$0] } ?? []
    }
}

private struct Taint: Decodable {
    let key: String

    private enum Keys: CodingKey, CaseIterable { case key }

    static let schema = FieldSchema(Keys.self, unread: ["value", "effect", "timeAdded"])

    init(from decoder: any Decoder) throws { key = try Fields<Keys>(decoder).value(.key) ?? "" }
}

private struct NodeStatus: Decodable {
    let addresses: [NodeAddress]

    private enum Keys: CodingKey, CaseIterable { case addresses }

    static let schema = FieldSchema(
        Keys.self, [.addresses: .list(of: NodeAddress.schema)],
        unread: [
            "capacity", "allocatable", "phase", "conditions", "daemonEndpoints", "nodeInfo", "images", "volumesInUse",
            "volumesAttached", "config", "runtimeHandlers", "features", "declaredFeatures",
        ])

    init(from decoder: any Decoder) throws {
        addresses = try Fields<Keys>(decoder).list(.addresses) ?? []
    }
}

private struct ServiceCIDRSpec: Decodable {
    let cidrs: [String]

    private enum Keys: CodingKey, CaseIterable { case cidrs }

    static let schema = FieldSchema(Keys.self)

    init(from decoder: any Decoder) throws {
        cidrs = try Fields<Keys>(decoder).list(.cidrs) ?? []
    }
}
