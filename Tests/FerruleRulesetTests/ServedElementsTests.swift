// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import Testing

@testable import FerruleRuleset

struct ServedElementsTests {
    @Test(
        "what stands behind a key is found by it, a ClusterIP by its address alone",
        arguments: [
            ["0.0.0.1", "10.96.0.0", "10.96.0.1", "10.96.0.255", "10.96.1.0", "255.255.255.255"],
            ["::1", "fd00::", "fd00::1", "fd00::1:0", "fd00:1::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
        ])
    func finds(texts: [String]) throws {
        let addresses = try texts.map { try #require(IPAddress($0)) }
        let ports = try [1, 80, 65535].map { try #require(Port($0)) }
        // Each in turn is in no key, a ClusterIP by its last port alone, and none.
        for turn in 0..<3 {
            var services: [ElementKey: ServedAddresses.Service] = [:]
            for (number, address) in addresses.enumerated() where (number + turn) % 3 != 0 {
                for transport in TransportProtocol.allCases {
                    for port in ports {
                        let isLast = transport == .sctp && port == ports.last
                        services[.service(address, transport, port)] = ServedAddresses.Service(
                            isAtClusterIP: (number + turn) % 3 == 1 && isLast)
                    }
                }
            }
            let served = ServedElements(services)
            #expect(served.keys == services.keys.sorted() && services.allSatisfy { served[$0.key] == $0.value })
            #expect(addresses.map(served.haveClusterIP) == addresses.indices.map { ($0 + turn) % 3 == 1 })
            #expect(served[.service(addresses[(3 - turn) % 3], .tcp, ports[0])] == nil)
        }
    }

    @Test("nothing is found where nothing is served")
    func empty() throws {
        let address = try #require(IPAddress("10.96.0.1"))
        #expect(ServedElements().isEmpty && ServedElements([:]) == ServedElements())
        #expect(!ServedElements().haveClusterIP(address))
        #expect(ServedElements()[.service(address, .tcp, try #require(Port(80)))] == nil)
    }
}
