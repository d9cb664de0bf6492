// SPDX-License-Identifier: Apache-2.0

import FerruleDiscovery
import FerruleNetwork
import Testing

struct ReverseZoneTests {
    @Test(
        "a range is named by its leading labels, the last first",
        arguments: [
            ("0.0.0.0/0", "in-addr.arpa"), ("10.0.0.0/8", "10.in-addr.arpa"), ("10.96.0.0/16", "96.10.in-addr.arpa"),
            ("10.96.1.0/24", "1.96.10.in-addr.arpa"), ("::/0", "ip6.arpa"), ("fd00::/8", "d.f.ip6.arpa"),
            ("2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa"),
        ])
    func names(range: String, name: String) throws {
        #expect(ReverseZone(try #require(Prefix(range)))?.name == name)
    }

    @Test("a range that ends within a label is none", arguments: ["10.96.0.0/12", "fd00:10:96::/110"])
    func unaligned(range: String) throws {
        #expect(ReverseZone(try #require(Prefix(range))) == nil)
    }
}
