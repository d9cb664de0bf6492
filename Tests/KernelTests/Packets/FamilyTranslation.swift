// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork

extension String {
    /// The same text for another family: tables are written with IPv4 addresses, and run with IPv6 ones too. Each range
    /// of the lab has a counterpart in which an address keeps its last number, and prefixes of 24 bits and more hold the same
    /// of these.
    func translated(to family: IPFamily) -> String {
        if family == .ipv4 { return self }
        return replacing("addressType: IPv4", with: "addressType: IPv6")
            .replacing("0.0.0.0/0", with: "::/0")
            .replacing("10.244.0.0/16", with: "fd00:10:244::/48")
            .replacing("203.0.113.0/24", with: "2001:db8:cb::/64")
            .replacing(#/\b10\.96\.0\.(\d+)/#) { "fd00:10:96::\($0.1)" }
            .replacing(#/\b10\.244\.0\.(\d+)/#) { "fd00:10:244::\($0.1)" }
            .replacing(#/\b10\.244\.1\.(\d+)/#) { "fd00:10:244:1::\($0.1)" }
            .replacing(#/\b10\.244\.2\.(\d+)/#) { "fd00:10:244:2::\($0.1)" }
            .replacing(#/\b192\.0\.2\.(\d+)/#) { "2001:db8::\($0.1)" }
            .replacing(#/\b198\.51\.100\.(\d+)/#) { "2001:db8:ffff::\($0.1)" }
            .replacing(#/\b203\.0\.113\.(\d+)/#) { "2001:db8:cb::\($0.1)" }
            .replacing(#/(::\d+)\/(2[4-9]|3[0-2])\b/#) { "\($0.1)/\((Int($0.2) ?? 0) + 96)" }
            .replacing("127.0.0.1", with: "::1")
    }
}
