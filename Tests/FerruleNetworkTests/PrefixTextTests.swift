// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import Testing

@Suite("Address ranges as text")
struct PrefixTextTests {
    @Test(
        "each spelling is read as what Go's net.ParseCIDR makes of it",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("010.001.0.0/08", "10.0.0.0/8"), ("10.1.2.3/8", "10.0.0.0/8"),
            ("0.0.0.0/0", "0.0.0.0/0"), ("192.0.2.1/32", "192.0.2.1/32"), (" 10.0.0.0/8 ", "10.0.0.0/8"),
            ("10.0.0.0/8\n", "10.0.0.0/8"), ("\t\u{A0}10.0.0.0/8\r\n\u{2003}", "10.0.0.0/8"),
            ("2001:DB8:0::/32", "2001:db8::/32"), ("2001:db8::1/32", "2001:db8::/32"), ("::/0", "::/0"),
            // IPv4 within IPv6, which has 96 bits before it.
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::ffff:10.1.2.3/104", "10.0.0.0/8"),
            ("::FFFF:C000:201/128", "192.0.2.1/32"), ("::ffff:1.2.3.4/96", "0.0.0.0/0"),
            // A wider one holds more than IPv4.
            ("::ffff:1.2.3.4/95", "::fffe:0:0/95"), ("::ffff:1.2.3.4/80", "::/80"), ("::ffff:1.2.3.4/0", "::/0"),
        ])
    func readable(text: String, canonical: String) throws {
        let prefix = try #require(Prefix(text))
        #expect(prefix.description == canonical)
        #expect(Prefix(canonical) == prefix)
    }

    @Test(
        "nothing else is read",
        arguments: [
            "", "/", "10.0.0.0", "10.0.0.0/", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8",
            "10.0.0/8", "::/129", "::ffff:10.0.0.0/129", "10.0.0.0/255.0.0.0", "10.0.0.0 /8", "10.0.0.0/ 8",
            "\n", "10.0.0.0/8\u{200B}",
        ])
    func unreadable(text: String) { #expect(Prefix(text) == nil) }
}
