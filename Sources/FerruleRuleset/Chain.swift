// SPDX-License-Identifier: Apache-2.0

/// A chain and its rules.
package struct Chain: Sendable, Hashable {
    package let purpose: ChainPurpose
    package let name: ChainName
    /// Where packets enter it; nil for a chain that only other rules lead to.
    package var base: BaseChain?
    package var rules: [Rule]
    /// Rules of somebody else that the kernel lists between these.
    package var foreignRules: [ForeignRule] = []

    /// A chain that Ferrule makes.
    package init(_ purpose: ChainPurpose, rules: [Rule]) {
        (self.purpose, name, base, self.rules) = (purpose, purpose.name, purpose.base, rules)
    }

    /// A chain that is found somewhere. Whatever its name, it is somebody else's if packets enter it in a way that they enter
    /// no chain of Ferrule.
    package init(named name: ChainName, base: BaseChain? = nil, rules: [Rule]) {
        let isLikeOurs = base.map { $0.kind == .nat && $0.policy == .accept } ?? true
        purpose = isLikeOurs ? ChainPurpose(name) : .foreign(name.description)
        (self.name, self.base, self.rules) = (name, base, rules)
    }
}

/// A rule that the kernel lists and that Ferrule never writes.
package struct ForeignRule: Sendable, Hashable {
    /// The rule as libnftnl describes it.
    package let text: String
    /// How many of the chain's other rules stand before it.
    package let position: Int

    package init(_ text: String, at position: Int) { (self.text, self.position) = (text, position) }
}

/// A rule: its statements from left to right.
package struct Rule: Sendable, Hashable {
    package var statements: [Statement]

    package init(_ statements: Statement...) { self.statements = statements }

    package init(_ statements: [Statement]) { self.statements = statements }
}

/// What makes a chain a base chain: packets enter it.
package struct BaseChain: Sendable, Hashable {
    /// Raw values are the kernel's names.
    package enum Kind: String, Sendable {
        /// Meets the first packet of each connection alone.
        case nat
        case filter
        /// Looks the route up anew where a packet was changed.
        case route
    }

    /// Raw values are the kernel's numbers (`NF_INET_PRE_ROUTING` and so on).
    package enum Hook: UInt32, Sendable {
        case prerouting = 0
        case input = 1
        case forward = 2
        case output = 3
        case postrouting = 4
    }

    /// What becomes of packets that no rule decides about. Raw values are the kernel's numbers (`NF_DROP`, `NF_ACCEPT`).
    package enum Policy: UInt32, Sendable {
        case drop = 0
        case accept = 1
    }

    /// nft's `type`.
    package let kind: Kind
    package let hook: Hook
    /// Lower runs first.
    package let priority: Int32
    package let policy: Policy

    package init(_ kind: Kind, _ hook: Hook, priority: Int32, policy: Policy = .accept) {
        (self.kind, self.hook, self.priority, self.policy) = (kind, hook, priority, policy)
    }

    /// `NF_IP_PRI_NAT_DST`, nft's `dstnat`.
    package static let destinationNAT: Int32 = -100
    /// `NF_IP_PRI_NAT_SRC`, nft's `srcnat`.
    package static let sourceNAT: Int32 = 100
}

extension BaseChain.Hook {
    /// The hook's name in nft's text, JSON and listings.
    package var name: String {
        switch self {
        case .prerouting: "prerouting"
        case .input: "input"
        case .forward: "forward"
        case .output: "output"
        case .postrouting: "postrouting"
        }
    }
}

extension BaseChain.Policy {
    /// The policy's name in nft's text, JSON and listings.
    package var name: String { self == .accept ? "accept" : "drop" }
}
