// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset

extension TextBuffer {
    /// Writes a chain with its rules.
    mutating func write(_ chain: Chain, _ family: IPFamily) {
        write("\tchain \(chain.name) {\n")
        if let base = chain.base {
            write("\t\ttype \(base.kind.rawValue) hook \(base.hook.name) priority \(base.priorityText); ")
            write("policy \(base.policy.name);\n")
        }
        for rule in chain.rules {
            write("\t\t")
            write(rule, family)
            write("\n")
        }
        write("\t}\n")
    }

    private mutating func write(_ rule: Rule, _ family: IPFamily) {
        var separator = ""
        for statement in rule.statements {
            write(separator)
            write(statement, family)
            separator = " "
        }
    }
}

extension BaseChain {
    /// The conventional name where nft 1.0.6 accepts it, else the number: `dstnat` is an error in output.
    fileprivate var priorityText: String {
        switch (hook, priority) {
        case (.prerouting, BaseChain.destinationNAT): "dstnat"
        case (.postrouting, BaseChain.sourceNAT): "srcnat"
        default: String(priority)
        }
    }
}
