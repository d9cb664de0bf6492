// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// A number that stands for what a ruleset does to traffic: the same for what the compiler made and for what is read
/// back from the kernel, as long as nobody changed it.
///
/// It is the sum of the hashes of all chains, sets and elements, each hashed together with its table and, for an element, its
/// set: a change takes some away and adds others. Left out is what differs without a change: the order of tables, sets,
/// chains and elements; in which slot, and in which part of its service, an endpoint stands; sizes of sets; what packets
/// have written; the record; and chains and sets that nothing leads to any more and that are kept until the tables are
/// rebuilt.
///
/// The digest has 128 bits. It tells change by accident or by hand, not forgery.
package struct RulesetDigest: Sendable, Hashable, CustomStringConvertible {
    private var sum: UInt128 = 0

    package init(of ruleset: Ruleset) {
        for table in ruleset.tables where !table.isAbsent {
            sum &+= TableDigest(table).sum
        }
    }

    /// 32 hexadecimal digits.
    package var description: String {
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 32 - digits.count) + digits
    }
}

/// The sum of one table's hashes.
private struct TableDigest {
    private(set) var sum: UInt128 = 0
    /// Of the table, to which all others are added.
    private var start = StableHash()

    init(_ table: Table) {
        start.add("\(table.name)")
        sum = start.value
        let reached = Reachability(of: table)
        for chain in table.chains where chain.purpose != .record {
            let isUnused = chain.base == nil ? !reached.chains.contains(chain.name) : chain.rules.isEmpty
            let isLeftOver = isUnused && chain.purpose.mayBeLeftOver && chain.foreignRules.isEmpty
            if !isLeftOver { add(chain.normalText) }
        }
        let owners = PartOwners(of: table)
        // Sets that are one in the normal form, such as those of all slots, are declared once.
        var declared: Set<String> = []
        for set in table.sets {
            let isLeftOver =
                !reached.sets.contains(set.name) && set.purpose.mayBeLeftOver
                && (set.elements.isEmpty || set.isDynamic)
            guard !isLeftOver else { continue }
            let title = set.normalTitle
            if declared.insert(title).inserted { add(title) }
            add(set, title, owners)
        }
        for object in table.foreign { add("foreign \(object.description(in: table.name))") }
    }

    private mutating func add(_ line: String) {
        var hash = start
        hash.add(line)
        sum &+= hash.value
    }

    /// Adds a set's elements. What stands under the address of a part is added as if it stood under the service's key.
    private mutating func add(_ set: SetDefinition, _ title: String, _ owners: PartOwners) {
        guard !set.isDynamic else { return }
        var ofSet = start
        ofSet.add(title)
        let isOfEndpoints = set.purpose.isOfEndpoints && !owners.isEmpty
        let isOfParts = set.purpose.isOfParts
        for element in set.elements {
            var hash = ofSet
            if isOfEndpoints, let owner = owners.owner(of: element.key) {
                hash.add(owner.scope.prefix)
                hash.add(Element(owner.key, element.value, comment: element.comment))
            } else if isOfParts {
                hash.add(Element(element.key, comment: element.comment))
            } else {
                hash.add(element)
            }
            sum &+= hash.value
        }
    }
}

extension Chain {
    /// The chain in words that never change.
    fileprivate var normalText: String {
        var rules = rules.map { $0.statements.map(\.normalText).joined(separator: " ") }
        for foreign in foreignRules.reversed() { rules.insert("foreign \(foreign.text)", at: foreign.position) }
        let base = base.map { " type \($0.kind) hook \($0.hook.rawValue) \($0.priority) policy \($0.policy)" } ?? ""
        return "chain \(name)\(base) { \(rules.joined(separator: "; ")) }"
    }
}

extension SetDefinition {
    /// How the set is declared; maps of endpoints without the number of their slot, those of parts without the part's.
    fileprivate var normalTitle: String {
        let name =
            switch purpose {
            case .endpoints(let scope, _): "\(scope.prefix)endpoints-"
            case .parts(let scope, _): "\(scope.prefix)parts-"
            default: name.description
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
}
