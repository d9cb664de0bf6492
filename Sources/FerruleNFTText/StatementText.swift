// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset
import FerruleText

extension TextBuffer {
    /// Writes a statement as its documentation in `Statement` shows it.
    mutating func write(_ statement: Statement, _ family: IPFamily) {
        switch statement {
        case .lookup(let key, let set, let negated):
            write(keyText(key, family) + (negated ? " != @" : " @") + set.description)
        case .verdictMap(let key, let map): write("\(keyText(key, family)) vmap @\(map)")
        case .numgen(let verdicts): writeNumgen(verdicts)
        case .transportProtocol(let transport): write("meta l4proto \(transport.name)")
        case .hasPort(let transport): write("\(transport.name) dport != 0")
        case .inputInterface(let name, let isPrefix, let negated):
            write("iifname \(negated ? "!= " : "")\"\(name)\(isPrefix ? "*" : "")\"")
        case .isLocal(let direction, let negated):
            write("fib \(direction.nftName) type \(negated ? "!= " : "")local")
        case .isNotLoopback: write("\(family.nftName) daddr != \(Prefix(loopbackOf: family).nftText)")
        case .isDNAT: write("ct status dnat")
        case .hasMark(let mark): write("meta mark & \(mark.text) != 0")
        case .setMark(let mark): write("meta mark set meta mark | \(mark.text)")
        case .xorMark(let mark): write("meta mark set meta mark ^ \(mark.text)")
        case .setDestination(let key, let map):
            write("\(family.nftName) daddr set \(keyText(key, family)) map @\(map)")
        case .dnat(let key, let map): write("dnat \(family.nftName) to \(keyText(key, family)) map @\(map)")
        case .update(let map, let key, let timeout, let data):
            let key = "\(keyText(key, family)) timeout \(durationText(timeout))"
            write("update @\(map) { \(key) : \(keyText(data, family)) }")
        case .masquerade: write("masquerade fully-random")
        case .reject(let withTCPReset): write(withTCPReset ? "reject with tcp reset" : "reject")
        case .verdict(let verdict): write(verdict)
        }
    }

    /// Writes a `numgen` map: a few verdicts on one line, many in rows of five.
    private mutating func writeNumgen(_ verdicts: [Verdict]) {
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
        case .portOf(let transport): "\(transport.name) dport"
        case .originalDestinationAddress: "ct original \(family.nftName) daddr"
        case .originalDestinationPort: "ct original proto-dst"
        }
    }
    .joined(separator: " . ")
}

/// A time in seconds as nft writes it, `3h` or `1d2h3m4s`.
private func durationText(_ seconds: Int) -> String {
    let parts = [(seconds / 86400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    return text.isEmpty ? "0s" : text
}

extension Mark {
    /// Eight hexadecimal digits, `0x00004000`.
    fileprivate var text: String { "0x" + hexadecimal(value, digits: 8) }
}

extension Prefix {
    /// As nft writes it: one of a single address is that.
    fileprivate var nftText: String { isOfOneAddress ? "\(address)" : "\(self)" }
}

extension Statement.Direction {
    /// The name of the address in nft's text and JSON.
    var nftName: String { self == .source ? "saddr" : "daddr" }
}
