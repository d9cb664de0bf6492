// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerruleRuleset

/// What iptables-save or ip6tables-save shows of the tables of one family.
package struct StandingIPTables: Sendable {
    package let family: IPFamily
    package private(set) var tables: [IPTablesTable.Name: StandingIPTable] = [:]
    /// How many rules there are in all tables, whosever they are.
    package private(set) var ruleCount = 0
    /// Whether the kubelet has left a sign that it uses this variant of iptables (KEP-3178).
    package private(set) var hasKubeletHint = false
    /// What the record says, if there is one.
    package private(set) var record: String?

    /// Whether anything of Ferrule stands there.
    package var isEmpty: Bool { tables.values.allSatisfy(\.isEmpty) }

    /// - Parameter text: what `iptables-save` has printed, of some tables or all.
    package init(_ text: String, _ family: IPFamily) {
        self.family = family
        var table: StandingIPTable?
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let line = Substring(line)
            switch line.utf8.first {
            case UInt8(ascii: "*"):
                table = IPTablesTable.Name(rawValue: String(line.dropFirst())).map { StandingIPTable($0) }
            case UInt8(ascii: ":"):
                if line.hasPrefix(":KUBE-IPTABLES-HINT ") || line.hasPrefix(":KUBE-KUBELET-CANARY ") {
                    hasKubeletHint = true
                }
                table?.declare(line.dropFirst().prefix { $0 != " " })
            case UInt8(ascii: "-"):
                ruleCount += 1
                table?.append(line)
            case UInt8(ascii: "C"):
                if let table { tables[table.name] = table }
            default: break
            }
        }
        record = tables[.nat]?.record(family)
    }

    package subscript(name: IPTablesTable.Name) -> StandingIPTable { tables[name] ?? StandingIPTable(name) }
}

/// Chains of Ferrule that stand in one table, and rules elsewhere that lead to them.
package struct StandingIPTable: Sendable {
    let name: IPTablesTable.Name
    /// The rules of each chain of Ferrule, as text behind `-A CHAIN `.
    private(set) var chains: [IPTablesChainName: [Substring]] = [:]
    /// Rules in built-in chains that lead to one of Ferrule where Ferrule's jumps are, in their order.
    private(set) var jumps: [(chain: Substring, rule: Substring)] = []
    /// What leads to chains of Ferrule from anywhere else. Ferrule has not made it, and leaves it.
    private(set) var foreignJumps: [ForeignJump] = []

    init(_ name: IPTablesTable.Name) { self.name = name }

    /// Whether nothing of Ferrule stands there but ``leftovers``.
    var isEmpty: Bool { jumps.isEmpty && (chains.isEmpty || leftovers.count == chains.count) }

    /// Chains without rules that only ``foreignJumps`` lead to: the kernel removes no chain that something leads to.
    var leftovers: Set<IPTablesChainName> {
        let kept = Set(foreignJumps.map(\.target)).filter { chains[$0]?.isEmpty == true }
        guard !kept.isEmpty else { return [] }
        return kept.subtracting((chains.values.joined() + jumps.map(\.rule)).compactMap(Self.target(of:)))
    }

    /// How many chains of Ferrule there are, and how many rules they have.
    package var chainCount: Int { chains.count }
    package var ruleCount: Int { chains.values.reduce(0) { $0 + $1.count } }

    mutating func declare(_ chain: Substring) {
        if let name = IPTablesChainName(saved: chain) { chains[name] = [] }
    }

    /// Takes a line that begins with `-A`.
    mutating func append(_ line: Substring) {
        let rest = line.dropFirst("-A ".utf8.count)
        guard let space = rest.utf8.firstIndex(of: UInt8(ascii: " ")) else { return }
        let (chain, rule) = (rest[..<space], rest[rest.utf8.index(after: space)...])
        if let name = IPTablesChainName(saved: chain) {
            chains[name, default: []].append(rule)
        } else if let target = Self.target(of: rule) {
            if self.name.builtInChains.contains(String(chain)) {
                jumps.append((chain, rule))
            } else {
                foreignJumps.append(ForeignJump(table: self.name, chain: String(chain), target: target))
            }
        }
    }

    /// The chain of Ferrule that a rule leads to.
    private static func target(of rule: Substring) -> IPTablesChainName? {
        // Most rules of a node are not worth to be taken apart. A comment may say the same, but is one word.
        guard ["-j ", "-g "].contains(where: { rule.contains($0 + IPTablesChainName.prefix) }),
            let words = RuleReader.split(rule)
        else { return nil }
        return zip(words, words.dropFirst()).compactMap { option, value in
            option == "-j" || option == "-g" ? IPTablesChainName(saved: value) : nil
        }.first
    }

    /// The comment of the record.
    func record(_ family: IPFamily) -> String? {
        chains[.record]?.first.flatMap { RuleReader.split($0) }.flatMap { words in
            words.firstIndex(of: "--comment").flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        }
    }

    /// The hash for ``TableSums``, by the digests that the chains were given.
    var sum: String {
        let leftovers = leftovers
        return TableSums.sum(
            chains.keys.filter { $0 != .record && !leftovers.contains($0) }.map { ($0, recordedDigest(of: $0) ?? "") })
    }

    /// The digest that a chain was given when it was filled; nil where its rules say none.
    private func recordedDigest(of name: IPTablesChainName) -> String? {
        guard let first = chains[name]?.first, let words = RuleReader.split(first),
            let place = words.firstIndex(of: "--comment"), words.indices.contains(place + 1),
            let recorded = words[place + 1].split(separator: " ").last, recorded.count == ChainDigest.place.count
        else { return nil }
        return String(recorded)
    }

    /// The digest that a chain was given when it was filled, and whether it has it still; nil where its rules say none.
    func digest(of name: IPTablesChainName, _ family: IPFamily) -> (recorded: String, isTrue: Bool)? {
        guard let rules = chains[name], let digest = recordedDigest(of: name) else { return nil }
        func isTrue(_ texts: [String]) -> Bool {
            let texts = [texts[0].replacing(digest, with: ChainDigest.place, maxReplacements: 1)] + texts.dropFirst()
            return ChainDigest(name, texts).text == digest
        }
        if isTrue(rules.map(String.init)) { return (digest, true) }
        // Another version may write the same rules in another way.
        let read = rules.map { RuleReader.read($0, family) }
        let texts = read.compactMap { $0.map { $0.rule.text(family, comment: $0.comment) } }
        return (digest, texts.count == rules.count && isTrue(texts))
    }
}

/// A rule of somebody else that leads to a chain of Ferrule.
package struct ForeignJump: Sendable, Equatable {
    package let table: IPTablesTable.Name
    /// The chain that it stands in.
    package let chain: String
    package let target: IPTablesChainName
}
