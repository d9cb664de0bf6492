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
        case .interface(let name) where !isInterface(name, limit: 15):
            found.append(refusal("the bridge interface", name))
        case .interfacePrefix(let prefix) where !isInterface(prefix, limit: 14):
            found.append(refusal("the prefix of interface names", prefix))
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

    /// Names end with + where they are prefixes, and words end with blanks.
    private static func isInterface(_ name: String, limit: Int) -> Bool {
        !name.isEmpty && name.utf8.count <= limit
            && name.utf8.allSatisfy { (33...126).contains($0) && $0 != 34 && $0 != 92 }
            && !name.hasSuffix("+") && !name.hasPrefix("!")
    }

    private static func refusal(_ what: String, _ name: String) -> Diagnostic {
        Diagnostic(
            .error, "iptables cannot match \(what) '\(name)'",
            hint: "up to 15 visible characters without quotes and backslashes, no + at the end and no ! at the start; "
                + "or tell pods by their ranges")
    }
}
