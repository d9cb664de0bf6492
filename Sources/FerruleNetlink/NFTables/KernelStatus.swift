// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// What stands in the kernel under Ferrule's table names.
package struct KernelStatus: Sendable, Equatable {
    package struct TableStatus: Sendable, Equatable {
        package let name: TableName
        package let chains: Int
        /// Sets and maps, the anonymous ones of rules included.
        package let sets: Int
        package let elements: Int
        /// nil where the table was not made by `ferrule apply`.
        package let provenance: Provenance?
    }

    /// The tables that exist.
    package let tables: [TableStatus]
}

extension Kernel {
    /// Those of some tables that exist, whoever has made them.
    package func standing(among tables: [TableName]) throws(NetlinkError) -> [TableName] {
        var session = NetlinkSession(try connect(.transactions))
        var standing: [TableName] = []
        for table in tables where try session.find(TableRequest.declaration(of: table)) != nil {
            standing.append(table)
        }
        return standing
    }

    /// Reads those of the given tables that exist, and counts what is in them. Needs CAP_NET_ADMIN.
    package func status(of tables: [TableName]) throws(NetlinkError) -> KernelStatus {
        let found = try consistently(of: tables) { reading throws(NetlinkError) in
            var found: [KernelStatus.TableStatus] = []
            for table in tables {
                if let status = try TableReader(table, reading).status() { found.append(status) }
            }
            return found
        }
        return KernelStatus(tables: found.result)
    }
}
