// SPDX-License-Identifier: Apache-2.0

internal import FerruleText
package import FerruleRuleset

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

extension Summary {
    /// The numbers for people: `31 services with 74 endpoints; 2 headless and 1 ExternalName need no rules.`
    package var sentence: String {
        var sentence = services == 0 ? "No services" : counted(services, "service")
        if services > 0 { sentence += endpoints > 0 ? " with \(counted(endpoints, "endpoint"))" : " without endpoints" }
        switch (headless, externalNames) {
        case (0, 0): break
        case (let count, 0): sentence += "; " + unruled(count, "headless service")
        case (0, let count): sentence += "; " + unruled(count, "ExternalName service")
        case (_, _): sentence += "; \(headless) headless and \(externalNames) ExternalName need no rules"
        }
        return sentence + "."
    }
}

private func unruled(_ count: Int, _ noun: String) -> String {
    counted(count, noun) + (count == 1 ? " needs no rules" : " need no rules")
}
