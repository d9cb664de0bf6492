// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

extension TextBuffer {
    /// Writes the comment that a script begins with: what it is, what is in it, how to load it, how to read it. No
    /// time, path or version stands there, so that the same input gives the same bytes.
    mutating func writeHeader(of ruleset: Ruleset) {
        write("# Kubernetes Services as nftables rules, made by Ferrule.\n")
        write("# \(ruleset.summary.sentence)\n")
        write("#\n# Load with: nft -f FILE\n")
        write("# One transaction replaces \(ruleset.tableList); no other table is touched.\n")
        for table in ruleset.tables where table.isAbsent {
            write("# No service needs \(table.name): it is only removed.\n")
        }
        guard ruleset.tables.contains(where: { !$0.isAbsent }) else { return }
        write(
            """
            #
            # The first packet of each connection takes this path; later packets follow it without reading any rule:
            #   nat-prerouting or nat-output -> dispatch -> services or nodeports -> lb-N -> slot-K -> endpoints-K

            """)
    }
}

extension Ruleset {
    /// `the tables ip ferrule and ip6 ferrule`
    fileprivate var tableList: String {
        let names = tables.map(\.name.description)
        return (names.count == 1 ? "the table " : "the tables ") + names.joined(separator: " and ")
    }
}
