// SPDX-License-Identifier: Apache-2.0

extension KubeProxyConfiguration: Decodable {
    private enum Keys: CodingKey, CaseIterable {
        case bindAddress, clusterCIDR, nodePortAddresses, hostnameOverride, detectLocalMode, detectLocal, nftables
        case healthzBindAddress, metricsBindAddress, clientConnection, conntrack
    }

    static let schema = FieldSchema(
        object: Keys.self,
        [
            .detectLocal: .object(LocalDetection.schema), .nftables: .object(NFTablesOptions.schema),
            .clientConnection: .object(ClientConnection.schema), .conntrack: .object(Conntrack.schema),
        ],
        unread: [
            "featureGates", .init("logging", .object(.logging)),
            "bindAddressHardFail", "enableProfiling",
            "showHiddenMetricsForVersion", "mode", .init("iptables", .object(iptables)), .init("ipvs", .object(ipvs)),
            .init("winkernel", .object(winkernel)), "oomScoreAdj",
            "configSyncPeriod", "portRange", "windowsRunAsService",
        ])

    private static let iptables = FieldSchema(unread: [
        "masqueradeBit", "masqueradeAll", "localhostNodePorts", "syncPeriod", "minSyncPeriod",
    ])

    private static let ipvs = FieldSchema(unread: [
        "syncPeriod", "minSyncPeriod", "scheduler", "excludeCIDRs", "strictARP", "tcpTimeout", "tcpFinTimeout",
        "udpTimeout",
    ])

    private static let winkernel = FieldSchema(unread: [
        "networkName", "sourceVip", "enableDSR", "rootHnsEndpointName", "forwardHealthCheckVip",
    ])

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        clusterCIDR = fields.text(.clusterCIDR)
        nodePortAddresses = fields.list(.nodePortAddresses) ?? []
        hostnameOverride = fields.text(.hostnameOverride)
        bindAddress = fields.text(.bindAddress)
        detectLocalMode = fields.text(.detectLocalMode)
        let detection = fields.value(.detectLocal, as: LocalDetection.self)
        bridgeInterface = detection?.bridgeInterface
        interfaceNamePrefix = detection?.interfaceNamePrefix
        let nftables = fields.value(.nftables, as: NFTablesOptions.self)
        masqueradeAll = nftables?.masqueradeAll
        masqueradeBit = nftables?.masqueradeBit
        healthzBindAddress = fields.text(.healthzBindAddress)
        metricsBindAddress = fields.text(.metricsBindAddress)
        kubeconfig = fields.value(.clientConnection, as: ClientConnection.self)?.kubeconfig
        conntrack = fields.value(.conntrack, as: Conntrack.self) ?? Conntrack()
    }
}

private struct LocalDetection: Decodable {
    let bridgeInterface: String?
    let interfaceNamePrefix: String?

    private enum Keys: CodingKey, CaseIterable { case bridgeInterface, interfaceNamePrefix }

    static let schema = FieldSchema(Keys.self)

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        bridgeInterface = fields.text(.bridgeInterface)
        interfaceNamePrefix = fields.text(.interfaceNamePrefix)
    }
}

private struct NFTablesOptions: Decodable {
    let masqueradeAll: Bool?
    let masqueradeBit: Int?

    private enum Keys: CodingKey, CaseIterable { case masqueradeAll, masqueradeBit }

    static let schema = FieldSchema(Keys.self, unread: ["syncPeriod", "minSyncPeriod"])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        masqueradeAll = fields.value(.masqueradeAll)
        masqueradeBit = fields.value(.masqueradeBit)
    }
}

private struct ClientConnection: Decodable {
    let kubeconfig: String?

    private enum Keys: CodingKey, CaseIterable { case kubeconfig }

    static let schema = FieldSchema(
        Keys.self, unread: ["acceptContentTypes", "contentType", "qps", "burst"])

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        kubeconfig = fields.text(.kubeconfig)
    }
}

extension KubeProxyConfiguration.Conntrack: Decodable {
    private enum Keys: CodingKey, CaseIterable {
        case maxPerCore, min, tcpEstablishedTimeout, tcpCloseWaitTimeout, tcpBeLiberal, udpTimeout, udpStreamTimeout
    }

    static let schema = FieldSchema(Keys.self)

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        maxPerCore = fields.value(.maxPerCore)
        min = fields.value(.min)
        tcpEstablishedTimeout = fields.text(.tcpEstablishedTimeout)
        tcpCloseWaitTimeout = fields.text(.tcpCloseWaitTimeout)
        tcpBeLiberal = fields.value(.tcpBeLiberal)
        udpTimeout = fields.text(.udpTimeout)
        udpStreamTimeout = fields.text(.udpStreamTimeout)
    }
}
