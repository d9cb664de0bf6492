// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork

extension IPFamily {
    /// The program of the family, which names of others and of what it writes begin with.
    package var iptables: String { self == .ipv4 ? "iptables" : "ip6tables" }

    /// The message of ICMP that a port is unreachable, as `REJECT` calls it.
    var portUnreachable: String { self == .ipv4 ? "icmp-port-unreachable" : "icmp6-port-unreachable" }

    /// The mask by which `recent` tells each address from all others.
    var maskOfOneAddress: String { self == .ipv4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" }
}
