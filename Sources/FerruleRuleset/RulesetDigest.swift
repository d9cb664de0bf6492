// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleText

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
    private let sum: UInt128
    /// What it is made of, for each table that is there.
    package let sections: [TableName: DigestSections]

    package init(of ruleset: Ruleset) { self.init(ruleset.tables.map(TableDigest.init)) }

    package init(_ tables: [TableDigest]) {
        sum = tables.reduce(0) { $0 &+ $1.sum }
        sections = Dictionary(uniqueKeysWithValues: tables.filter { !$0.isAbsent }.map { ($0.name, $0.sections) })
    }

    /// 32 hexadecimal digits.
    package var description: String { hexadecimal(sum, digits: 32) }
}

/// The sums of one table's hashes, to which chains, sets and elements can be added and from which they can be taken.
package struct TableDigest: Sendable {
    let name: TableName
    private(set) var isAbsent = false
    private var contents = DigestSections.Sums()
    /// Of the table, to which all others are added.
    private var start = StableHash()
    /// The hashes of sets' titles, to which those of their elements are added.
    private var titles: [SetPurpose: StableHash] = [:]

    /// Of a table that is there and holds nothing.
    package init(_ name: TableName) {
        self.name = name
        start.add("\(name)")
    }

    var sum: UInt128 { isAbsent ? 0 : start.value &+ contents.sum }

    var sections: DigestSections { DigestSections(contents) }

    /// Of all that a table holds; zero of one that is absent.
    package init(_ table: Table) {
        self.init(table.name)
        isAbsent = table.isAbsent
        guard !isAbsent else { return }
        let reached = Reachability(of: table)
        for chain in table.chains {
            let isUnused = chain.base == nil ? !reached.chains.contains(chain.name) : chain.rules.isEmpty
            let isLeftOver = isUnused && chain.purpose.mayBeLeftOver && !chain.hasForeignRule
            if !isLeftOver { add(chain) }
        }
        let owners = PartOwners(of: table)
        // Sets that are one in the normal form, such as those of all slots, are declared once.
        var declared: Set<String> = []
        for set in table.sets {
            let isLeftOver =
                !reached.sets.contains(set.name) && set.purpose.mayBeLeftOver
                && (set.elements.isEmpty || set.isDynamic)
            guard !isLeftOver else { continue }
            if declared.insert(set.normalTitle).inserted { add(declarationOf: set) }
            add(elementsOf: set, owners)
        }
        for object in table.foreign { contents.add(hash("foreign \(object.description(in: table.name))"), to: nil) }
    }

    private func hash(_ line: String) -> UInt128 {
        var hash = start
        hash.add(line)
        return hash.value
    }

    // MARK: Objects

    package mutating func add(_ chain: Chain) {
        // The record of what was applied is not a part of it; rules in its chain are somebody else's.
        guard chain.purpose != .record || chain.ruleCount > 0 else { return }
        contents.add(hash(chain.normalText), of: chain.ruleCount, to: chain.section)
    }

    package mutating func remove(_ chain: Chain) {
        contents.remove(hash(chain.normalText), of: chain.ruleCount, from: chain.section)
    }

    /// The declaration alone, which is the same for the sets of all slots of a scope.
    package mutating func add(declarationOf set: SetDefinition) {
        contents.add(hash(set.normalTitle), to: set.purpose.isForeign ? nil : .rules)
    }

    package mutating func remove(declarationOf set: SetDefinition) {
        contents.remove(hash(set.normalTitle), from: set.purpose.isForeign ? nil : .rules)
    }

    // MARK: Elements

    /// - Parameter set: of any set but those of endpoints and parts, with or without its elements.
    package mutating func add(_ element: Element, of set: SetDefinition) {
        contents.add(hash(element, of: set), of: 1, to: DigestSection(set.purpose))
    }

    package mutating func remove(_ element: Element, of set: SetDefinition) {
        contents.remove(hash(element, of: set), of: 1, from: DigestSection(set.purpose))
    }

    /// The endpoints of a key, and of a large list its parts.
    package mutating func add(_ list: EndpointList, of key: EndpointList.Key) {
        contents.add(hash(list, key), of: list.endpoints.count + list.parts.count, to: .endpoints)
    }

    package mutating func remove(_ list: EndpointList, of key: EndpointList.Key) {
        contents.remove(hash(list, key), of: list.endpoints.count + list.parts.count, from: .endpoints)
    }

    /// Puts the endpoints of a key in the place of others. Those that are in both lists cost a comparison alone.
    package mutating func exchange(_ old: EndpointList, for new: EndpointList, of key: EndpointList.Key) {
        guard old.parts.isEmpty, new.parts.isEmpty else {
            remove(old, of: key)
            return add(new, of: key)
        }
        var (gone, come) = (EndpointList(), EndpointList())
        var next = 0
        for endpoint in old.endpoints {
            while next < new.endpoints.count, new.endpoints[next] < endpoint {
                come.endpoints.append(new.endpoints[next])
                next += 1
            }
            if next < new.endpoints.count, new.endpoints[next] == endpoint {
                next += 1
            } else {
                gone.endpoints.append(endpoint)
            }
        }
        come.endpoints += new.endpoints[next...]
        remove(gone, of: key)
        add(come, of: key)
    }

    private mutating func hash(_ element: Element, of set: SetDefinition) -> UInt128 {
        var hash = title(of: set)
        hash.add(element)
        return hash.value
    }

    private mutating func hash(_ list: EndpointList, _ key: EndpointList.Key) -> UInt128 {
        let isCut = !list.parts.isEmpty
        let endpoints = title(of: .endpoints(isCut ? .ofParts : key.scope))
        var sum: UInt128 = 0
        for endpoint in list.endpoints {
            sum &+= hash(Element(key.key, .data(endpoint)), endpoints, ownedBy: isCut ? key.scope : nil)
        }
        guard isCut else { return sum }
        var part = title(of: .parts(key.scope))
        part.add(Element(key.key))
        return sum &+ part.value &* UInt128(list.parts.count)
    }

    /// An endpoint: what stands under the address of a part counts as if it stood under the service's key.
    private func hash(_ element: Element, _ title: StableHash, ownedBy scope: SlotScope?) -> UInt128 {
        var hash = title
        if let scope { hash.add(scope.prefix) }
        hash.add(element)
        return hash.value
    }

    private mutating func add(elementsOf set: SetDefinition, _ owners: PartOwners) {
        guard !set.isDynamic else { return }
        let title = title(of: set)
        var sum: UInt128 = 0
        for element in set.elements {
            if set.purpose.isOfEndpoints, !owners.isEmpty, let owner = owners.owner(of: element.key) {
                let owned = Element(owner.key, element.value, comment: element.comment)
                sum &+= hash(owned, title, ownedBy: owner.scope)
            } else if set.purpose.isOfParts {
                sum &+= hash(Element(element.key, comment: element.comment), title, ownedBy: nil)
            } else {
                sum &+= hash(element, title, ownedBy: nil)
            }
        }
        contents.add(sum, of: set.elements.count, to: DigestSection(set.purpose))
    }

    /// The hash of a set's title, with the table's.
    private mutating func title(of set: SetDefinition) -> StableHash {
        if let known = titles[set.purpose] { return known }
        var hash = start
        hash.add(set.normalTitle)
        titles[set.purpose] = hash
        return hash
    }
}

extension SetDefinition {
    /// A map of endpoints of a scope, as far as its title goes.
    fileprivate static func endpoints(_ scope: SlotScope) -> SetDefinition {
        SetDefinition(
            .endpoints(scope, slot: 0), key: scope.keyType, value: .data([.address, .port]))
    }

    /// A map of parts of a scope, as far as its title goes.
    fileprivate static func parts(_ scope: SlotScope) -> SetDefinition {
        SetDefinition(.parts(scope, number: 0), key: scope.keyType, value: .data([.address]))
    }
}

extension Chain {
    /// nil for chains of others.
    fileprivate var section: DigestSection? { purpose.isForeign ? nil : .rules }

    fileprivate var ruleCount: Int { rules.count + foreignRules.count }

    /// The chain in words that never change.
    fileprivate var normalText: String {
        var rules = rules.map { $0.statements.map(\.normalText).joined(separator: " ") }
        for foreign in foreignRules.reversed() { rules.insert("foreign \(foreign.text)", at: foreign.position) }
        let base =
            base.map { " type \($0.kind.rawValue) hook \($0.hook.rawValue) \($0.priority) policy \($0.policy.name)" }
            ?? ""
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
