// SPDX-License-Identifier: Apache-2.0

extension Service: Decodable {
    private enum Keys: CodingKey, CaseIterable { case metadata, spec, status }

    static let schema = FieldSchema(
        object: Keys.self,
        [
            .metadata: .object(ObjectMeta.schema), .spec: .object(ServiceSpec.schema),
            .status: .object(ServiceStatus.schema),
        ])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(
            meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""),
            spec: fields.value(.spec) ?? ServiceSpec(),
            loadBalancerIngress: fields.value(.status, as: ServiceStatus.self)?.ingress ?? []
        )
        if meta.newAnnotations.contains(Self.sourceRangesAnnotation) {
            annotatedSourceRanges = fields.value(.metadata, as: Annotations.self)?.values[Self.sourceRangesAnnotation]
        }
    }
}

/// The annotations of an object, which ``ObjectMeta`` knows by their keys alone.
private struct Annotations: Decodable {
    let values: [String: String]

    private enum Keys: CodingKey { case annotations }

    init(from decoder: any Decoder) throws { values = try Fields<Keys>(decoder).strings(.annotations) ?? [:] }
}

extension ServiceSpec: Decodable {
    private enum Keys: CodingKey, CaseIterable {
        case type, clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy, ports, selector, externalIPs, externalName
        case externalTrafficPolicy, internalTrafficPolicy, sessionAffinity, sessionAffinityConfig
        case loadBalancerSourceRanges, allocateLoadBalancerNodePorts, publishNotReadyAddresses, healthCheckNodePort
        case trafficDistribution, loadBalancerClass
    }

    /// `topologyKeys` and `ipFamily` are of no effect any more.
    static let schema = FieldSchema(
        Keys.self,
        [.ports: .list(of: ServicePort.schema), .sessionAffinityConfig: .object(SessionAffinityConfig.schema)],
        unread: ["loadBalancerIP", "topologyKeys", "ipFamily"])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        type = fields.text(.type)
        clusterIP = fields.value(.clusterIP)
        clusterIPs = fields.list(.clusterIPs)
        ipFamilies = fields.list(.ipFamilies)
        ipFamilyPolicy = fields.value(.ipFamilyPolicy)
        ports = fields.list(.ports) ?? []
        selector = fields.labels(.selector)
        externalIPs = fields.list(.externalIPs) ?? []
        externalName = fields.value(.externalName)
        externalTrafficPolicy = fields.text(.externalTrafficPolicy)
        internalTrafficPolicy = fields.value(.internalTrafficPolicy)
        sessionAffinity = fields.text(.sessionAffinity)
        let affinity = fields.value(.sessionAffinityConfig, as: SessionAffinityConfig.self)
        hasAffinityConfig = affinity != nil
        affinityTimeoutSeconds = affinity?.timeoutSeconds
        loadBalancerClass = fields.value(.loadBalancerClass)
        loadBalancerSourceRanges = fields.list(.loadBalancerSourceRanges) ?? []
        allocateLoadBalancerNodePorts = fields.value(.allocateLoadBalancerNodePorts)
        publishNotReadyAddresses = fields.value(.publishNotReadyAddresses)
        healthCheckNodePort = fields.value(.healthCheckNodePort)
        trafficDistribution = fields.value(.trafficDistribution)
    }
}

extension ServicePort: Decodable {
    private enum Keys: CodingKey, CaseIterable { case name, `protocol`, port, targetPort, nodePort, appProtocol }

    static let schema = FieldSchema(Keys.self)

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        name = fields.value(.name) ?? ""
        `protocol` = fields.text(.protocol)
        port = fields.value(.port)
        targetPort = fields.value(.targetPort)
        nodePort = fields.value(.nodePort)
        appProtocol = fields.value(.appProtocol)
    }
}

extension IntOrString: Decodable {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        self =
            if let number = try? value.decode(Int.self) { .number(number) } else {
                .name(try value.decode(String.self))
            }
    }
}

extension LoadBalancerIngress: Decodable {
    private enum Keys: CodingKey, CaseIterable { case ip, hostname, ipMode }

    static let schema = FieldSchema(Keys.self, unread: [.init("ports", .list(of: .portStatus))])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        ip = fields.text(.ip)
        hostname = fields.text(.hostname)
        ipMode = fields.value(.ipMode)
    }
}

/// `sessionAffinityConfig`, of which only `clientIP.timeoutSeconds` is used.
private struct SessionAffinityConfig: Decodable {
    let timeoutSeconds: Int?

    private enum Keys: CodingKey, CaseIterable { case clientIP }

    static let schema = FieldSchema(Keys.self, [.clientIP: .object(ClientIPConfig.schema)])

    init(from decoder: any Decoder) throws {
        timeoutSeconds = try Fields<Keys>(decoder).value(.clientIP, as: ClientIPConfig.self)?.timeoutSeconds
    }
}

private struct ClientIPConfig: Decodable {
    let timeoutSeconds: Int?

    private enum Keys: CodingKey, CaseIterable { case timeoutSeconds }

    static let schema = FieldSchema(Keys.self)

    init(from decoder: any Decoder) throws {
        timeoutSeconds = try Fields<Keys>(decoder).value(.timeoutSeconds)
    }
}

/// `status`, of which only `loadBalancer.ingress` is used.
private struct ServiceStatus: Decodable {
    let ingress: [LoadBalancerIngress]

    private enum Keys: CodingKey, CaseIterable { case loadBalancer }

    static let schema = FieldSchema(
        Keys.self, [.loadBalancer: .object(LoadBalancerStatus.schema)],
        unread: [.init("conditions", .list(of: .condition))])

    init(from decoder: any Decoder) throws {
        ingress = try Fields<Keys>(decoder).value(.loadBalancer, as: LoadBalancerStatus.self)?.ingress ?? []
    }
}

private struct LoadBalancerStatus: Decodable {
    let ingress: [LoadBalancerIngress]

    private enum Keys: CodingKey, CaseIterable { case ingress }

    static let schema = FieldSchema(Keys.self, [.ingress: .list(of: LoadBalancerIngress.schema)])

    init(from decoder: any Decoder) throws {
        ingress = try Fields<Keys>(decoder).list(.ingress) ?? []
    }
}
