// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes

/// Which hosts a rule is for. A name comes before wildcards, and these before all hosts.
package enum HostPattern: Sendable, Hashable, Comparable {
    /// This name alone, in lower case.
    case name(String)
    /// Any one label before this name.
    case anyLabel(before: String)
    case all

    /// `host` of a rule; nil if it is neither empty, a name, nor a wildcard.
    package init?(_ host: String) {
        if host.isEmpty {
            self = .all
        } else if !host.isIngressHost {
            return nil
        } else if host.hasPrefix("*.") {
            self = .anyLabel(before: String(host.dropFirst(2)))
        } else {
            self = .name(host)
        }
    }
}

extension HostPattern: CustomStringConvertible {
    /// As an Ingress has it: `a.example.com`, `*.example.com`, `*`.
    package var description: String {
        switch self {
        case .name(let name): name
        case .anyLabel(let name): "*.\(name)"
        case .all: "*"
        }
    }
}
