// SPDX-License-Identifier: Apache-2.0

extension Endpoints: Decodable {
    private enum Keys: CodingKey { case metadata, subsets }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init(meta: fields.value(.metadata) ?? ObjectMeta(name: "", namespace: ""))
        subsets = fields.list(.subsets) ?? []
    }
}

extension EndpointSubset: Decodable {
    private enum Keys: CodingKey { case addresses, notReadyAddresses, ports }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        addresses = fields.list(.addresses) ?? []
        notReadyAddresses = fields.list(.notReadyAddresses) ?? []
        ports = fields.list(.ports) ?? []
    }
}

extension EndpointAddress: Decodable {
    private enum Keys: CodingKey { case ip, nodeName, hostname }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields<Keys>(decoder)
        self.init()
        ip = fields.value(.ip) ?? ""
        nodeName = fields.text(.nodeName)
        hostname = fields.text(.hostname)
    }
}
