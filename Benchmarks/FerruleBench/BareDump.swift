// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset

/// The least that reading the kernel's state can cost: its listing of every set's elements is received and thrown away.
enum BareDump {
    /// The number of bytes received.
    static func run(_ ruleset: Ruleset) throws -> Int {
        let socket = try NetfilterSocket()
        return try ruleset.tables.reduce(0) { sum, table in
            try table.sets.reduce(sum) { try $0 + socket.dumpElements(table.name, $1.name) }
        }
    }
}
