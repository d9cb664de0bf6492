// SPDX-License-Identifier: Apache-2.0

import FerrulePlanner
import FerruleTestSupport
import Testing

struct NaturalOrderTests {
    @Test(
        "texts stand as people would look for them",
        arguments: [
            ["svc-1", "svc-2", "svc-10", "svc-20", "svc-100"],
            ["a", "a-1", "a-2", "a1", "a1b", "a2", "a10", "b"],
            ["v1.9.1", "v1.10.0", "v1.10.0-rc", "v2"],
            ["", "0", "00", "001", "01", "1", "2"],
            ["x99999999999999999999998", "x99999999999999999999999", "x100000000000000000000000"],
        ])
    func order(texts: [String]) {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20 {
            #expect(texts.shuffled(using: &generator).sorted { $0.precedesNaturally($1) } == texts)
        }
        for (index, text) in texts.enumerated() {
            for (other, later) in texts.enumerated() {
                #expect(text.precedesNaturally(later) == (index < other), "\(text) \(later)")
            }
        }
    }

    @Test("the names of services are read from labels, and other texts are no names")
    func names() {
        let name = ServicePortName("shop/web:http")
        #expect(name.namespace == "shop" && name.service == "shop/web" && name.port == "http")
        #expect(ServicePortName("shop/web").port == "" && ServicePortName("shop/web").label == "shop/web")
        for text in ["10.96.0.1:80/tcp", "[fd00::1]:80/tcp", "node port 30080/tcp", "plain", "/x"] {
            let name = ServicePortName(text)
            #expect(name.namespace == "" && name.service == text && name.label == text)
        }
    }

    @Test("services stand by namespace, name and port, whatever their characters")
    func services() {
        let labels = ["shop/a", "shop/a:x", "shop/a-2", "shop/a-10", "shop-2/a", "shop-10/a"]
        #expect(labels.reversed().map(ServicePortName.init).sorted().map(\.label) == labels)
    }
}
