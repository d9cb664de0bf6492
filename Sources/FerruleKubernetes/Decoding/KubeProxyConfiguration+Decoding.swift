// SPDX-License-Identifier: Apache-2.0

extension KubeProxyConfiguration: Decodable {
    private enum Keys: CodingKey {
        case bindAddress, clusterCIDR, nodePortAddresses, hostnameOverride, detectLocalMode, detectLocal, nftables
    }

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

    private enum Keys: CodingKey { case bridgeInterface, interfaceNamePrefix }

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        bridgeInterface = fields.text(.bridgeInterface)
        interfaceNamePrefix = fields.text(.interfaceNamePrefix)
    }
}

private struct NFTablesOptions: Decodable {
    let masqueradeAll: Bool?
    let masqueradeBit: Int?

    private enum Keys: CodingKey { case masqueradeAll, masqueradeBit }

    init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        masqueradeAll = fields.value(.masqueradeAll)
        masqueradeBit = fields.value(.masqueradeBit)
    }
}
