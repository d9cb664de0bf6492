// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerruleRuleset

extension IPTablesRule {
    /// What follows `-A CHAIN ` or `-I CHAIN 1 `, as iptables-save writes it, so that what stands can be compared as text.
    ///
    /// - Parameter comment: stands behind what is not the match of a module, where people look for it.
    package func text(_ family: IPFamily, comment: String? = nil) -> String {
        var words: [String] = []
        let headCount = matches.prefix { $0.standsBeforeComments }.count
        for (index, match) in matches.enumerated() {
            if index == headCount, let comment { words.append("-m comment --comment \"\(comment)\"") }
            words.append(match.text(family))
        }
        if headCount == matches.count, let comment { words.append("-m comment --comment \"\(comment)\"") }
        if let target { words.append(target.text(family)) }
        return words.joined(separator: " ")
    }
}

extension IPTablesMatch {
    fileprivate var standsBeforeComments: Bool {
        switch self {
        case .source, .destination, .inputInterface, .transport, .destinationPorts: true
        default: false
        }
    }

    fileprivate func text(_ family: IPFamily) -> String {
        func unless(_ negated: Bool) -> String { negated ? "! " : "" }
        switch self {
        case .source(let prefix, let negated): return "\(unless(negated))-s \(prefix)"
        case .destination(let prefix, let negated): return "\(unless(negated))-d \(prefix)"
        case .inputInterface(let name, let isPrefix, let negated):
            return "\(unless(negated))-i \(name)\(isPrefix ? "+" : "")"
        case .transport(let transport): return "-p \(transport.name)"
        case .destinationPorts(let transport, let ports):
            let range = ports.count == 1 ? "\(ports.lowerBound)" : "\(ports.lowerBound):\(ports.upperBound)"
            return "-m \(transport.name) --dport \(range)"
        case .sourceIsLocal: return "-m addrtype --src-type LOCAL"
        case .destinationIsLocal: return "-m addrtype --dst-type LOCAL"
        case .isNew: return "-m conntrack --ctstate NEW"
        case .isDNAT: return "-m conntrack --ctstate DNAT"
        case .mark(let mark, let negated):
            return "-m mark \(unless(negated))--mark \(hexadecimal(mark.value))/\(hexadecimal(mark.value))"
        case .random(let share): return "-m statistic --mode random --probability \(probability(share))"
        case .recent(let use, let list):
            return "-m recent \(use.text) --name \(list) --mask \(family.maskOfOneAddress) --rsource"
        }
    }
}

extension RecentUse {
    fileprivate var text: String {
        switch self {
        case .set: "--set"
        case .check(let seconds): "--rcheck --seconds \(seconds) --reap"
        case .update(let seconds): "--update --seconds \(seconds) --reap"
        }
    }
}

extension IPTablesTarget {
    fileprivate func text(_ family: IPFamily) -> String {
        switch self {
        case .accept: "-j ACCEPT"
        case .drop: "-j DROP"
        case .return: "-j RETURN"
        case .reject(withTCPReset: true): "-j REJECT --reject-with tcp-reset"
        case .reject(withTCPReset: false):
            "-j REJECT --reject-with \(family.portUnreachable)"
        case .dnat(let endpoint): "-j DNAT --to-destination \(endpoint)"
        case .masquerade: "-j MASQUERADE --random-fully"
        case .setMark(let mark): "-j MARK --set-xmark \(hexadecimal(mark.value))/\(hexadecimal(mark.value))"
        case .clearMark(let mark): "-j MARK --set-xmark 0x0/\(hexadecimal(mark.value))"
        case .jump(let name): "-j \(name)"
        case .goto(let name): "-g \(name)"
        }
    }
}

private func hexadecimal(_ number: UInt32) -> String { "0x" + String(number, radix: 16) }

/// A number of 2^31 as iptables-save writes it: eleven decimals, from which iptables makes the same number again.
private func probability(_ share: UInt32) -> String {
    let digits = (UInt128(share) * 100_000_000_000 + 1 << 30) >> 31
    let text = String(digits)
    return text.count > 11
        ? "\(text.dropLast(11)).\(text.suffix(11))"
        : "0." + String(repeating: "0", count: 11 - text.count) + text
}
