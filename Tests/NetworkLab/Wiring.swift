// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// A veth pair between the node and another namespace, where its name is `eth0`.
struct Link {
    /// The interface on the node.
    let name: String
    let peer: Namespace
    /// What the peer holds and the node routes to it.
    let addresses: [IPAddress]
}

/// The link-local address of the node on each of its interfaces: neighbour discovery wants one, and it is everybody's
/// IPv6 gateway, since the node's own addresses are found through `uplink` only.
private let nodeLinkLocal = "fe80::1"
private let peerLinkLocal = "fe80::2"

/// Connects the node with its peers and sets addresses and routes. All interfaces are made in the namespaces they stay
/// in, so that nothing appears in the root namespace on the way.
func connect(node: Namespace, _ links: [Link], _ topology: Topology) throws(LabError) {
    try configureNode(node)
    for link in links { try prepare(link.peer) }
    try batch(node, nodeCommands(links, topology))
    for link in links { try batch(link.peer, peerCommands(link, topology)) }
}

/// No waiting for duplicate address detection, no link-local addresses but ours, nothing learned from routers.
private func prepare(_ namespace: Namespace) throws(LabError) {
    for scope in ["all", "default"] {
        try namespace.write("net/ipv6/conf/\(scope)/accept_dad", "0")
        try namespace.write("net/ipv6/conf/\(scope)/accept_ra", "0")
        // Newer kernels tell who sends what the node would send back to them, and their packets never reach it any more.
        try namespace.write("net/ipv6/conf/\(scope)/accept_redirects", "0")
        try namespace.write("net/ipv6/conf/\(scope)/addr_gen_mode", "1")
        try namespace.write("net/ipv4/conf/\(scope)/rp_filter", "0")
    }
    // A rate limit on ICMP errors would make the second of two refusals look like a drop, or in the case of the limit
    // on all errors of a namespace, the 51st. The masks say which types are limited: none, and one that nobody sends.
    try namespace.write("net/ipv4/icmp_ratelimit", "0")
    try namespace.write("net/ipv4/icmp_ratemask", "0")
    try namespace.write("net/ipv6/icmp/ratelimit", "0")
    try namespace.write("net/ipv6/icmp/ratemask", "255")
}

private func configureNode(_ node: Namespace) throws(LabError) {
    try prepare(node)
    try node.write("net/ipv4/ip_forward", "1")
    try node.write("net/ipv6/conf/all/forwarding", "1")
    for scope in ["all", "default"] { try node.write("net/ipv4/conf/\(scope)/send_redirects", "0") }
}

private func nodeCommands(_ links: [Link], _ topology: Topology) -> [String] {
    var commands = ["link set lo up"]
    for link in links {
        commands.append("link add \(link.name) type veth peer name eth0 netns \(link.peer.name)")
        commands.append("link set \(link.name) up")
        commands.append("address add \(nodeLinkLocal)/64 dev \(link.name) nodad")
    }
    commands += topology.node.map { addAddress($0, "uplink") }
    for family in topology.families {
        guard let source = topology.nodeAddress(family) else { continue }
        for link in links {
            for address in link.addresses where address.family == family {
                commands.append("route add \(Prefix(address)) dev \(link.name) src \(source)")
            }
        }
        let gateway = family == .ipv6 ? " via \(peerLinkLocal)" : ""
        commands.append("route add \(anywhere(family))\(gateway) dev outside src \(source)")
    }
    return commands
}

private func peerCommands(_ link: Link, _ topology: Topology) -> [String] {
    var commands = ["link set lo up", "link set eth0 up", "address add \(peerLinkLocal)/64 dev eth0 nodad"]
    commands += link.addresses.map { addAddress($0, "eth0") }
    for family in topology.families {
        guard let node = topology.nodeAddress(family) else { continue }
        let gateway = family == .ipv6 ? nodeLinkLocal : "\(node)"
        commands.append("route add \(anywhere(family)) via \(gateway) dev eth0 onlink")
    }
    return commands
}

private func addAddress(_ address: IPAddress, _ interface: String) -> String {
    "address add \(Prefix(address)) dev \(interface)\(address.family == .ipv6 ? " nodad" : "")"
}

private func anywhere(_ family: IPFamily) -> String { family == .ipv4 ? "0.0.0.0/0" : "::/0" }

private func batch(_ namespace: Namespace, _ commands: [String]) throws(LabError) {
    try namespace.mustSucceed(["ip", "-batch", "-"], input: commands.joined(separator: "\n") + "\n")
}
