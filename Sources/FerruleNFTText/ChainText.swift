// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
package import FerruleRuleset

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

extension Rule {
    /// The rule in the language of nft, in one line; of a long list of verdicts the first and the last alone.
    package func nftText(_ family: IPFamily) -> String {
        var text = TextBuffer()
        for statement in statements {
            if text.count > 0 { text.write(" ") }
            if case .numgen(let verdicts) = statement, verdicts.count > 4, let first = verdicts.first,
                let last = verdicts.last
            {
                let (count, end) = (verdicts.count, verdicts.count - 1)
                text.write("numgen random mod \(count) vmap { 0 : \(first), …, \(end) : \(last) }")
            } else {
                text.write(statement, family)
            }
        }
        return String(decoding: text.bytes, as: UTF8.self)
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
