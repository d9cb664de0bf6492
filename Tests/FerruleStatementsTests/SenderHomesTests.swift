// SPDX-License-Identifier: Apache-2.0

import FerruleCluster
import FerruleManifests
import FerruleNetwork
import FerruleResolution
import FerruleTraffic
import Foundation
import Testing

@Suite("The nodes of senders")
struct SenderHomesTests {
    @Test("are those that an endpoint or a pod says, however its address is written and whatever others leave out")
    func homes() throws {
        func slice(_ name: String, _ family: String, _ endpoint: String) -> String {
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: \(name), namespace: shop, labels: {kubernetes.io/service-name: web}}
            addressType: \(family)
            ports: [{name: "", port: 80, protocol: TCP}]
            endpoints: [{\(endpoint)}]
            ---

            """
        }
        let text =
            slice("a", "IPv4", "addresses: [10.244.1.5], nodeName: node-a")
            + slice("b", "IPv4", "addresses: [10.244.1.5]")
            + slice("c", "IPv6", "addresses: ['FD00:0::0005'], nodeName: node-b")
        let objects = try ManifestReader { Data(text.utf8) }.read(["-"]).objects
        let homes = SenderHomes(ClusterResolver(ClusterStore(objects)))
        let addresses = ["10.244.1.5", "fd00::5", "10.244.1.6"].compactMap { IPAddress($0) }
        #expect(addresses.map(homes.node) == ["node-a", "node-b", nil])
        #expect(homes.nodeNames == ["node-a", "node-b"])
    }
}
