// SPDX-License-Identifier: Apache-2.0

import NetworkLab

/// What the installed nft can read of JSON.
///
/// The documented exception: nft before 1.1 cannot declare a map that leads to an address and a port, its parser takes
/// one type only and then uses what is not there (1.0.6 ends with a segmentation fault).
enum JSONAbility {
    case concatenatedMapData
    case plainMapData

    static func installed(in namespace: Namespace) throws -> JSONAbility {
        let version = try namespace.output("nft", "--version")
        guard let match = version.firstMatch(of: /v(\d+)\.(\d+)/), let major = Int(match.1), let minor = Int(match.2)
        else { throw TestMistake(description: "nft --version printed \(version)") }
        return (major, minor) >= (1, 1) ? .concatenatedMapData : .plainMapData
    }

    /// Whether this nft is known to read a rendered ruleset.
    func reads(_ json: String) -> Bool {
        self == .concatenatedMapData || !json.contains(/"map": \[/)
    }
}
