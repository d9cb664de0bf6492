// SPDX-License-Identifier: Apache-2.0

import NetworkLab

/// What the installed nft can read of JSON.
///
/// The documented exception: nft before 1.1 cannot declare a map that leads to an address and a port, its parser takes
/// one type only and then uses what is not there (1.0.6 ends with a segmentation fault).
enum JSONAbility {
    case concatenatedMapData
    case plainMapData

    static func installed() throws -> JSONAbility { try found.get() }

    private static let found = Result { () throws -> JSONAbility in
        let version = try Namespace("version").output("nft", "--version")
        guard let match = version.firstMatch(of: /v(\d+)\.(\d+)/), let major = Int(match.1), let minor = Int(match.2)
        else { throw TestMistake(description: "nft --version printed \(version)") }
        return (major, minor) >= (1, 1) ? .concatenatedMapData : .plainMapData
    }

    /// Whether this nft is known to read the JSON of a ruleset, of which this is the text.
    func reads(_ text: String) -> Bool {
        self == .concatenatedMapData || !text.contains(/: ipv[46]_addr \. inet_service/)
    }
}
