// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What reading the input costs at least: Foundation's decoder on the fields that Ferrule needs, with the conformances that
/// the Swift compiler writes, without places in the text, defaults or checks.
enum PlainDecoding {
    static func decode(_ path: String) throws {
        let list = try JSONDecoder().decode(PlainList.self, from: Data(contentsOf: URL(filePath: path)))
        guard !list.items.isEmpty else { throw BenchError("\(path) holds no items") }
    }
}

struct PlainList: Decodable {
    let items: [PlainObject]
}

/// A Service or an EndpointSlice; the fields of the other are absent.
struct PlainObject: Decodable {
    struct Metadata: Decodable {
        let name: String
        let namespace: String?
        let labels: [String: String]?
    }

    struct Spec: Decodable {
        let type: String?
        let clusterIPs: [String]?
        let ipFamilies: [String]?
        let ports: [Port]?
        let selector: [String: String]?
    }

    struct Port: Decodable {
        let name: String?
        let `protocol`: String?
        let port: Int?
        let nodePort: Int?
    }

    struct Endpoint: Decodable {
        struct Conditions: Decodable {
            let ready: Bool?
            let serving: Bool?
            let terminating: Bool?
        }

        let addresses: [String]
        let conditions: Conditions?
        let nodeName: String?
        let zone: String?
    }

    let apiVersion: String
    let kind: String
    let metadata: Metadata
    let spec: Spec?
    let addressType: String?
    let endpoints: [Endpoint]?
    let ports: [Port]?
}
