// SPDX-License-Identifier: Apache-2.0

import NetworkLab

/// What the installed nft can read.
enum NFTAbility {
    /// Everything, from 1.1 on.
    case whole
    /// The documented exceptions are of nft before 1.1.
    case limited

    static func installed() throws -> NFTAbility { try found.get() }

    private static let found = Result { () throws -> NFTAbility in
        let version = try Namespace("version").output("nft", "--version")
        guard let match = version.firstMatch(of: /v(\d+)\.(\d+)/), let major = Int(match.1), let minor = Int(match.2)
        else { throw TestMistake(description: "nft --version printed \(version)") }
        return (major, minor) >= (1, 1) ? .whole : .limited
    }

    /// Whether this nft is known to read a text: 1.0.6 aborts where a rule writes an address and port of IPv6 into a map, as for
    /// session affinity.
    func reads(_ text: String) -> Bool {
        self == .whole || !text.contains(/type ipv6_addr : ipv6_addr \. inet_service/)
    }

    /// Whether this nft is known to read the JSON of a ruleset, of which this is the text: older ones cannot declare a map that
    /// leads to an address and a port, their parser takes one type only and then uses what is not there (1.0.6 ends with a
    /// segmentation fault).
    func readsJSON(of text: String) -> Bool {
        self == .whole || !text.contains(/: ipv[46]_addr \. inet_service/)
    }
}
