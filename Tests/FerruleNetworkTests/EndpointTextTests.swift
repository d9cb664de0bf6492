// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import Testing

@Suite("Endpoints as text")
struct EndpointTextTests {
    @Test("what is written is read", arguments: ["10.0.0.1:80", "[fd00::1]:65535", "0.0.0.0:1", "[::]:53"])
    func readable(text: String) { #expect(Endpoint(text)?.description == text) }

    @Test(
        "nothing else is read",
        arguments: [
            "", ":", "10.0.0.1", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536", "10.0.0.1:http", "[10.0.0.1]:80", ":80",
            "fd00::1:80", "[fd00::1:80", "fd00::1]:80", "[fd00::1]", "[]:80", "web:80", "10.0.0.1:80/tcp",
        ])
    func unreadable(text: String) { #expect(Endpoint(text) == nil) }
}
