// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// A number that stands for what a ruleset does to traffic: the same for what the compiler made and for what is read
/// back from the kernel, as long as nobody changed it.
///
/// The normal form that is digested leaves out what differs without a change: the order of tables, sets, chains and
/// elements; in which slot, and in which part of its service, an endpoint stands; sizes of sets; what packets have
/// written; the record;
/// and chains and sets that were made for a shape of traffic, that nothing leads to any more, and that are kept until
/// the tables are rebuilt.
///
/// The digest has 128 bits: FNV-1a of the lines of the normal form, where the elements of a set stand as the sum of their
/// ``ElementHash``. It tells change by accident or by hand, not forgery.
package struct RulesetDigest: Sendable, Hashable, CustomStringConvertible {
    private var hash = FNV1a()

    /// - Parameter isGenerated: whether a set or chain is one that the compiler makes up for a shape of traffic.
    package init(of ruleset: Ruleset, isGenerated: (String) -> Bool) {
        for table in ruleset.tables.sorted(by: { "\($0.name)" < "\($1.name)" }) where !table.isAbsent {
            hash.add("table \(table.name)\n")
            let reached = Reachability(of: table)
            for line in lines(of: table, reached, isGenerated).sorted() { hash.add(line + "\n") }
        }
    }

    /// 32 hexadecimal digits.
    package var description: String {
        let digits = String(hash.value, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }

    private func lines(
        of table: Table, _ reached: Reachability, _ isGenerated: (String) -> Bool
    ) -> [String] {
        var lines: [String] = []
        for chain in table.chains where chain.name != Provenance.chain {
            let isUnused = chain.hook == nil ? !reached.chains.contains(chain.name) : chain.rules.isEmpty
            let isLeftover = isUnused && isGenerated(chain.name.description)
            guard !isLeftover || chain.rules.contains(where: \.isForeign) else { continue }
            let hook = chain.hook.map { " hook \($0.point.rawValue) \($0.priority)" } ?? ""
            let rules = chain.rules.map { $0.statements.map(\.normalText).joined(separator: " ") }
            lines.append("chain \(chain.name)\(hook) { \(rules.joined(separator: "; ")) }")
        }
        var sums: [String: UInt128] = [:]
        let owners = PartOwners(of: table)
        for set in table.sets {
            let isLeftover = !reached.sets.contains(set.name) && isGenerated(set.name.description)
            guard !isLeftover || set.writtenElements?.isEmpty == false else { continue }
            // Elements count in any order, for their digests are added up; and those of all slots count together.
            let title = set.normalTitle
            sums[title, default: 0] &+= set.isOfParts ? set.keySum : set.elementSum(without: owners)
            guard !owners.isEmpty, set.isOfEndpoints else { continue }
            for (family, sum) in set.partSums(owners) { sums["\(title) of \(family)", default: 0] &+= sum }
        }
        lines += sums.map { "\($0.key) \(String($0.value, radix: 16))" }
        for object in table.foreign {
            switch object {
            case .set(let name): lines.append("foreign set \(name)")
            case .chain(let name): lines.append("foreign chain \(name)")
            case .property(let property): lines.append("foreign \(property)")
            }
        }
        return lines
    }
}

/// The 128-bit hash of Fowler, Noll and Vo, variant 1a.
private struct FNV1a: Sendable, Hashable {
    private(set) var value: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    private static let prime: UInt128 = 0x0100_0000_0000_0000_0000_013b

    mutating func add(_ text: String) { add(text.utf8) }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt128(byte)) &* FNV1a.prime }
    }
}

extension SetDefinition {
    /// The elements that Ferrule writes; nil where packets write them.
    fileprivate var writtenElements: [Element]? {
        if case .dynamic = kind { nil } else { elements }
    }

    /// Whether it leads from services and parts to endpoints.
    fileprivate var isOfEndpoints: Bool {
        if case .data(let type) = valueType { kind == .plain && type.count > 1 } else { false }
    }

    /// How the set is declared; maps of endpoints without the number of their slot, those of parts without the part's.
    fileprivate var normalTitle: String {
        var name = name.description
        if case .data = valueType, kind == .plain {
            while let last = name.last, last.isNumber { name.removeLast() }
        }
        let use =
            switch kind {
            case .plain: "plain"
            case .interval: "interval"
            case .dynamic: "dynamic"
            }
        let value =
            switch valueType {
            case .verdict: " : verdict"
            case .data(let type): " : " + type.name(in: .ipv6)
            case nil: ""
            }
        return "set \(name) \(use) \(keyType.name(in: .ipv6))\(value)"
    }

    /// Leaves out what stands under addresses of parts.
    fileprivate func elementSum(without owners: PartOwners) -> UInt128 {
        (writtenElements ?? []).reduce(0) { sum, element in
            owners.owner(of: element.key) == nil ? sum &+ ElementHash.of(element) : sum
        }
    }

    /// Without the addresses that the keys lead to.
    fileprivate var keySum: UInt128 {
        elements.reduce(0) { $0 &+ ElementHash.of(Element($1.key, comment: $1.comment)) }
    }

    /// What stands under addresses of parts, as if it stood under the services' keys.
    fileprivate func partSums(_ owners: PartOwners) -> [String: UInt128] {
        var sums: [String: UInt128] = [:]
        for element in elements {
            guard let owner = owners.owner(of: element.key) else { continue }
            let hash = ElementHash.of(Element(owner.key, element.value, comment: element.comment))
            sums[owner.family, default: 0] &+= hash
        }
        return sums
    }
}
