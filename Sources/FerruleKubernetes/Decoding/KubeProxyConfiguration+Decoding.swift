// SPDX-License-Identifier: Apache-2.0

extension KubeProxyConfiguration: Decodable {
    private enum Keys: CodingKey, CaseIterable {
        case bindAddress, clusterCIDR, nodePortAddresses, hostnameOverride, detectLocalMode, detectLocal, nftables
    }

    static let schema = FieldSchema(
        object: Keys.self,
        [.detectLocal: .object(LocalDetection.schema), .nftables: .object(NFTablesOptions.schema)],
        unread: [
            "featureGates", .init("clientConnection", .object(.clientConnection)), .init("logging", .object(.logging)),
            "healthzBindAddress", "metricsBindAddress", "bindAddressHardFail", "enableProfiling",
            "showHiddenMetricsForVersion", "mode", .init("iptables", .object(iptables)), .init("ipvs", .object(ipvs)),
            .init("winkernel", .object(winkernel)), "oomScoreAdj", .init("conntrack", .object(conntrack)),
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

    private static let conntrack = FieldSchema(unread: [
        "maxPerCore", "min", "tcpEstablishedTimeout", "tcpCloseWaitTimeout", "tcpBeLiberal", "udpTimeout",
        "udpStreamTimeout",
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
