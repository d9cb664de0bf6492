// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset

extension TextBuffer {
    /// Writes a statement as its documentation in `Statement` shows it.
    mutating func write(_ statement: Statement, _ family: IPFamily) {
        switch statement {
        case .lookup(let key, let set, let negated):
            write(keyText(key, family) + (negated ? " != @" : " @") + set.description)
        case .verdictMap(let key, let map): write("\(keyText(key, family)) vmap @\(map)")
        case .spread(let verdicts): writeSpread(verdicts)
        case .transportProtocol(let transport): write("meta l4proto \(transport.name)")
        case .isLocal(let direction, let negated):
            write("fib \(direction.nftName) type \(negated ? "!= " : "")local")
        case .isNotLoopback: write("\(family.nftName) daddr != \(family == .ipv4 ? "127.0.0.0/8" : "::1")")
        case .isTranslated: write("ct status dnat")
        case .hasMark(let mark): write("meta mark & \(mark.text) != 0")
        case .setMark(let mark): write("meta mark set meta mark | \(mark.text)")
        case .flipMark(let mark): write("meta mark set meta mark ^ \(mark.text)")
        case .translate(let key, let map): write("dnat \(family.nftName) to \(keyText(key, family)) map @\(map)")
        case .masquerade: write("masquerade fully-random")
        case .reject(let withTCPReset): write(withTCPReset ? "reject with tcp reset" : "reject")
        case .verdict(let verdict): write(verdict)
        }
    }

    /// Writes `drop`, `goto lb-3` and the like.
    mutating func write(_ verdict: Verdict) {
        switch verdict {
        case .accept: write("accept")
        case .drop: write("drop")
        case .goto(let chain):
            write("goto ")
            write(chain.description)
        case .jump(let chain):
            write("jump ")
            write(chain.description)
        }
    }

    /// Writes a `numgen` map: a few verdicts on one line, many in rows of five.
    private mutating func writeSpread(_ verdicts: [Verdict]) {
        write("numgen random mod \(verdicts.count) vmap {")
        let perRow = 5
        let isLong = verdicts.count > perRow
        for (index, verdict) in verdicts.enumerated() {
            write(isLong && index % perRow == 0 ? "\n\t\t\t" : " ")
            write(index)
            write(" : ")
            write(verdict)
            if isLong || index < verdicts.count - 1 { write(",") }
        }
        write(isLong ? "\n\t\t}" : " }")
    }
}

/// `ip daddr . meta l4proto . th dport`
private func keyText(_ fields: [Field], _ family: IPFamily) -> String {
    fields.map { field in
        switch field {
        case .sourceAddress: "\(family.nftName) saddr"
        case .destinationAddress: "\(family.nftName) daddr"
        case .transportProtocol: "meta l4proto"
        case .destinationPort: "th dport"
        }
    }
    .joined(separator: " . ")
}

extension Mark {
    /// Eight hexadecimal digits, `0x00004000`.
    fileprivate var text: String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

extension IPFamily {
    /// The name of the family and of its protocol in nft's text and JSON.
    var nftName: String { self == .ipv4 ? "ip" : "ip6" }
}

extension Statement.Direction {
    /// The name of the address in nft's text and JSON.
    var nftName: String { self == .source ? "saddr" : "daddr" }
}
