// SPDX-License-Identifier: Apache-2.0

import FerruleTestSupport
import NetworkLab
import Testing

/// What addresses of the node mean to an agent that works already.
@Suite("Addresses of the node while `ferrule run` works", .needsNamespaces)
struct NodeAddressTests {
    @Test("clients of node ports keep their endpoints also at an address that comes later")
    func comes() throws {
        let namespace = try Namespace("addresses")
        // Session affinity of node ports is kept by the node's address.
        let service = Manifests.service("web", "10.96.0.10", "http 80/TCP 30080", spec: "sessionAffinity: ClientIP")
        let slice = Manifests.slice("web", ["10.244.0.6 node-a"], "http 8080/TCP")
        let lab = try RunLab(namespace, Manifests.objects(service, slice), "--nodeport-addresses", "192.168.7.0/24")
        try lab.says("1 service with 1 endpoint")
        let keys = { try namespace.output("nft", "list", "map", "ip", "ferrule", "affinity-services") }
        #expect(try keys().contains("10.96.0.10 . tcp . 80") && !keys().contains("30080"))
        #expect(try namespace.run(["ip", "link", "set", "lo", "up"]).succeeded)
        #expect(try namespace.run(["ip", "address", "add", "192.168.7.5/24", "dev", "lo"]).succeeded)
        lab.hangUp()
        try lab.says("the addresses of the node: all services resolved again")
        try waitUntil("the kernel holds it") { try keys().contains("192.168.7.5 . tcp . 30080") }
        _ = try lab.stop()
    }
}
