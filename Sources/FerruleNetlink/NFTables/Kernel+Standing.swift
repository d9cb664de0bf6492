// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

extension Kernel {
    /// Those of some tables that exist, whoever has made them. Needs CAP_NET_ADMIN.
    package func standing(among tables: [TableName]) throws(NetlinkError) -> [TableName] {
        var session = NetlinkSession(try connect(.transactions))
        var standing: [TableName] = []
        for table in tables where try session.find(TableRequest.declaration(of: table)) != nil {
            standing.append(table)
        }
        return standing
    }
}
