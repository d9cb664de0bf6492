// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset

extension TextBuffer {
    /// Writes a chain with its rules.
    mutating func write(_ chain: Chain, _ family: IPFamily) {
        write("\tchain \(chain.name) {\n")
        if let hook = chain.hook {
            write("\t\ttype nat hook \(hook.point.nftName) priority \(hook.priorityText); policy accept;\n")
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

extension Hook {
    /// The conventional name where nft 1.0.6 accepts it, else the number: `dstnat` is an error in output.
    fileprivate var priorityText: String {
        switch (point, priority) {
        case (.prerouting, Hook.destinationNAT): "dstnat"
        case (.postrouting, Hook.sourceNAT): "srcnat"
        default: String(priority)
        }
    }
}

extension Hook.Point {
    /// The name of the hook in nft's text and JSON.
    var nftName: String {
        switch self {
        case .prerouting: "prerouting"
        case .input: "input"
        case .output: "output"
        case .postrouting: "postrouting"
        }
    }
}
