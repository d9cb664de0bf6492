// SPDX-License-Identifier: Apache-2.0

internal import FerruleText

/// The name of a chain of Ferrule: all begin with ``prefix``, by which they are told from those of others, and have at most 28
/// characters (`XT_FUNCTION_MAXNAMELEN`).
package struct IPTablesChainName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package static let prefix = "FERRULE-"

    package let text: String

    /// A name as iptables-save shows it; nil for a chain of somebody else.
    package init?(saved text: some StringProtocol) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        self.text = String(text)
    }

    private init(_ rest: String) { text = Self.prefix + rest }

    package var description: String { text }

    package static func < (left: IPTablesChainName, right: IPTablesChainName) -> Bool { left.text < right.text }

    /// Where every packet begins in the nat table.
    static let services = IPTablesChainName("SERVICES")
    /// Finds virtual addresses.
    static let addresses = IPTablesChainName("ADDRESSES")
    /// Finds node ports.
    static let nodePorts = IPTablesChainName("NODEPORTS")
    /// Before ``nodePorts``, where the node's addresses are only known by their ranges.
    static let nodeAddresses = IPTablesChainName("NODE-ADDRESSES")
    /// Marks packets that do not come from pods.
    static let markOthers = IPTablesChainName("MARK-OTHERS")
    static let postrouting = IPTablesChainName("POSTROUTING")
    static let masquerade = IPTablesChainName("MASQUERADE")
    /// Finds pods that reached themselves.
    static let hairpin = IPTablesChainName("HAIRPIN")
    /// Of no effect: its comment says what was applied, and when.
    package static let record = IPTablesChainName("RECORD")

    /// Where every new packet begins in the filter table.
    static let unserved = IPTablesChainName("UNSERVED")
    /// Finds virtual addresses whose packets are not to pass without translation.
    static let closed = IPTablesChainName("CLOSED")
    /// Finds node ports that lead nowhere.
    static let closedPorts = IPTablesChainName("CLOSED-PORTS")
    /// Before ``closedPorts``, as ``nodeAddresses``.
    static let closedNodeAddresses = IPTablesChainName("CLOSED-NODE")
    /// Finds ClusterIPs.
    static let clusterIPs = IPTablesChainName("CLUSTER-IPS")
    static let refuse = IPTablesChainName("REFUSE")
    /// Node ports, else refused.
    static let refuseUnlessNodePort = IPTablesChainName("REFUSE-EXTERNAL")

    /// What a chain of one service port, or a branch of a tree, is for.
    enum Role: String {
        /// What goes to the ClusterIP.
        case service = "SVC"
        /// What comes by a node port, external IP or balancer's address.
        case external = "EXT"
        /// One of all endpoints, or of those on this node.
        case cluster = "ALL"
        case local = "LOC"
        /// Keeps senders out that are in no source range.
        case firewall = "FW"
        /// A branch of a tree.
        case branch = "BR"
    }

    /// Whether it is the chain of a branch.
    var isBranch: Bool { text.hasPrefix("\(Self.prefix)\(Role.branch.rawValue)-") }

    /// A name made of a hash, which stays as long as what it stands for has the same key.
    init(_ role: Role, _ key: String) {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var rest = fnv1a(key)
        var name = ""
        for _ in 0..<13 {
            name.append(digits[Int(rest % 32)])
            rest /= 32
        }
        self.init("\(role.rawValue)-\(name)")
    }
}
