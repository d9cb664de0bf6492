// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

extension IPFamily {
    /// The program of the family, which names of others and of what it writes begin with.
    package var iptables: String { self == .ipv4 ? "iptables" : "ip6tables" }
}
