// SPDX-License-Identifier: Apache-2.0

package import FerruleDiagnostics
package import FerruleResolution
internal import FerruleText

/// What the programs or the kernel's modules of iptables cannot do of what is wanted.
package enum IPTablesLimits {
    /// An error for what cannot be said in rules; a warning for what holds with a limit.
    package static func diagnostics(_ cluster: ResolvedCluster) -> [Diagnostic] {
        var found: [Diagnostic] = []
        switch cluster.surroundings.podTraffic {
        case .interface(let name), .interfacePrefix(let name):
            if let problem = problem(ofInterface: name) {
                found.append(Diagnostic(.error, problem, hint: "pods can be told by their ranges, too"))
            }
        default: break
        }
        let sticky = cluster.services.filter { service in service.ports.contains { $0.affinitySeconds != nil } }
        if let first = sticky.first {
            found.append(
                Diagnostic(
                    .warning,
                    "iptables remembers the last 100 clients of each endpoint, not more, for "
                        + (sticky.count == 1
                            ? "the service \(first.key) with sessionAffinity"
                            : "\(counted(sticky.count, "service")) with sessionAffinity, of which \(first.key) is the first"),
                    hint:
                        "the option ip_list_tot of the module xt_recent says another number, before the module is loaded"
                ))
        }
        return found
    }

    /// Why rules cannot match interfaces by a name, or the beginning of names, that nftables can; nil if they can. A + at the
    /// end says that it is a beginning, and a ! at the start means all others.
    package static func problem(ofInterface name: String) -> String? {
        let isMatched = name.utf8.allSatisfy { (33...126).contains($0) } && !name.hasSuffix("+") && !name.hasPrefix("!")
        return isMatched
            ? nil
            : "iptables cannot match interfaces by '\(name)': it takes visible characters of ASCII, with no + at the end and no "
                + "! at the start"
    }
}
