// SPDX-License-Identifier: Apache-2.0

/// A chain and its rules.
package struct Chain: Sendable, Hashable {
    package var name: ChainName
    /// Where packets enter it; nil for a chain that only other rules lead to.
    package var hook: Hook?
    package var rules: [Rule]

    package init(_ name: ChainName, hook: Hook? = nil, rules: [Rule]) {
        (self.name, self.hook, self.rules) = (name, hook, rules)
    }
}

/// A rule: its statements from left to right.
package struct Rule: Sendable, Hashable {
    package var statements: [Statement]

    package init(_ statements: Statement...) { self.statements = statements }

    package init(_ statements: [Statement]) { self.statements = statements }
}

/// Where a base chain of `type nat` is hooked in, always with policy accept.
package struct Hook: Sendable, Hashable {
    /// Raw values are the kernel's numbers (`NF_INET_PRE_ROUTING` and so on).
    package enum Point: UInt32, Sendable {
        case prerouting = 0
        case input = 1
        case output = 3
        case postrouting = 4
    }

    package let point: Point
    /// Lower runs first.
    package let priority: Int32

    package init(_ point: Point, priority: Int32) { (self.point, self.priority) = (point, priority) }

    /// `NF_IP_PRI_NAT_DST`, nft's `dstnat`.
    package static let destinationNAT: Int32 = -100
    /// `NF_IP_PRI_NAT_SRC`, nft's `srcnat`.
    package static let sourceNAT: Int32 = 100
    /// Before srcnat (100): NAT chains behind the one that translates are skipped, and other programs masquerade at 100.
    package static let postroutingRecording: Int32 = 50
    /// Behind all conventional places of the input hook.
    package static let inputRecording: Int32 = 150
}
