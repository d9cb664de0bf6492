// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// A table that is followed: the sum of all contributions, what chains, slots and parts it needs, and its digest.
///
/// ``takeChange()`` says what has become different since it was asked last. Its cost is that of what the services hold that
/// were replaced meanwhile.
struct TableTracker: Sendable {
    private(set) var builder: TableBuilder
    private(set) var digest: TableDigest
    private var needs: TableNeeds
    /// The shapes in use, and those that their chains lead to.
    private var shapes: Set<Shape> = []
    private var slotCounts: [SlotScope: Int] = [:]
    private var partCounts: [SlotScope: Int] = [:]
    private var book: PartBook
    /// The affinity of services that have any.
    private var affinity: [ObjectKey: [PortAffinity]] = [:]
    /// The contributions of services that have affinity, also of those that have not won a key yet.
    private var sticky: [ObjectKey: Contribution] = [:]
    /// How many keys are open to some sources only.
    private var guardedCount = 0
    private var isAbsent: Bool
    private var before = Before()

    /// What there was when the last change was taken, of all that has been touched since.
    private struct Before {
        var services: [ElementKey: ServiceEntry?] = [:]
        var nodePorts: [ElementKey: ServiceEntry?] = [:]
        var clusterIPs: [IPAddress: Bool] = [:]
        var hairpin: [IPAddress: Bool] = [:]
        var sticky: Set<ObjectKey> = []
    }

    /// Follows a table from what its builder holds on.
    init(_ builder: TableBuilder) {
        self.builder = builder
        isAbsent = builder.isAbsent
        needs = TableNeeds(builder.layout.limits)
        let contents = builder.contents
        book = PartBook(builder.layout.family, besides: contents.services)
        digest = TableDigest(builder.layout.table(contents, parts: &book))
        guard !isAbsent else { return }
        needs.add(contents.all)
        guardedCount = contents.all.count(where: \.shape.isGuarded)
        builder.forEachClaimant { entry in
            if entry.isSticky { sticky[entry.contribution.service.key] = entry.contribution }
        }
        shapes = builder.layout.closure(needs.shapes.keys)
        for scope in SlotScope.all {
            (slotCounts[scope], partCounts[scope]) = (needs.slotCount(scope), needs.partCount(scope))
        }
        for (service, contribution) in sticky {
            let ports = builder.layout.portAffinities(of: contribution, builder.winner)
            affinity[service] = ports.isEmpty ? nil : ports
        }
    }

    /// The table as it should be, with its parts at the addresses that they have, and what it serves.
    mutating func table() -> (table: Table, served: ServedAddresses) {
        let contents = builder.contents
        let table = builder.layout.table(contents, parts: &book)
        return (table, builder.layout.served(contents, by: table))
    }

    // MARK: Contributions

    /// Puts the contribution of a service in the place of the one that it had.
    mutating func replace(_ old: Contribution?, with new: Contribution?) {
        if let old, let new, old.holdsSame(as: new) {
            keepEntries(of: old)
            builder.exchange(new)
            return
        }
        for contribution in [old, new].compactMap(\.self) {
            keepEntries(of: contribution)
            keepMembers(of: contribution)
        }
        if let old {
            builder.remove(old)
            sticky[old.service.key] = nil
        }
        if let new {
            builder.insert(new)
            if new.hasAffinity(in: builder.family) { sticky[new.service.key] = new }
        }
    }

    /// Keeps what now stands behind the keys of a contribution, unless what stood there before an earlier change is kept.
    private mutating func keepEntries(of contribution: Contribution) {
        contribution.forEachClaim(of: builder.family) { _, claim in
            let winner = builder.winner(claim.key, isNodePort: claim.isNodePort)
            if claim.isNodePort {
                before.nodePorts.keep(winner, of: claim.key)
            } else {
                before.services.keep(winner, of: claim.key)
            }
        }
    }

    /// Keeps in the same way whether there are the members of unions that a contribution adds to.
    private mutating func keepMembers(of contribution: Contribution) {
        contribution.forEachMember(of: builder.family) { address in
            before.clusterIPs.keep(builder.clusterIPs.contains(address), of: address)
        } hairpin: { address in
            before.hairpin.keep(builder.hairpin.contains(address), of: address)
        }
        if contribution.hasAffinity(in: builder.family) { before.sticky.insert(contribution.service.key) }
    }

    // MARK: Changes

    /// What has become different since the last call, or since the table was first followed.
    mutating func takeChange() -> TableChange {
        var change = TableChange(.ferrule(builder.family))
        guard isAbsent == builder.isAbsent else {
            self = TableTracker(builder)
            change.isOfWholeTable = true
            return change
        }
        guard !isAbsent else { return change }
        let before = before
        self.before = Before()
        (change.served, change.formerlyServed) = (builder.layout.servedNothing, builder.layout.servedNothing)
        var stale = before.sticky
        var served = ServedChange()
        for (isNodePort, entries) in [(false, before.services), (true, before.nodePorts)] {
            for (key, old) in entries {
                takeEntry(key, isNodePort: isNodePort, old, &change, &served, &stale)
                guard !change.isOfWholeTable else {
                    self = TableTracker(builder)
                    return change
                }
            }
        }
        served.addCounterparts(in: builder)
        served.put(into: &change)
        takeMembers(before.clusterIPs, of: .clusterIPs, now: builder.clusterIPs, Concatenation.address, &change)
        takeMembers(before.hairpin, of: .hairpin, now: builder.hairpin, Concatenation.hairpin, &change)
        takeAffinity(of: stale, &change)
        takeObjects(&change)
        return change
    }

    private mutating func takeEntry(
        _ key: ElementKey, isNodePort: Bool, _ old: ServiceEntry?, _ change: inout TableChange,
        _ served: inout ServedChange, _ stale: inout Set<ObjectKey>
    ) {
        let new = builder.winner(key, isNodePort: isNodePort)
        if let old, let new, old.contribution === new.contribution, old.claim == new.claim { return }
        if !isNodePort, (old == nil) != (new == nil), PartBook.mayGive(key) {
            change.isOfWholeTable = true
            return
        }
        if !needs.areSame(old, new) {
            if let old { needs.remove(old) }
            if let new { needs.add(new) }
        }
        if let old, old.isSticky { stale.insert(old.contribution.service.key) }
        if let new, new.isSticky { stale.insert(new.contribution.service.key) }
        if !isNodePort, let (address, transport, port) = key.service,
            builder.layout.nodePortAddresses.addresses.contains(address),
            let entry = builder.winner(.port(transport, port), isNodePort: true), entry.isSticky
        {
            // The node port's clients are remembered at this address only while no service has it.
            stale.insert(entry.contribution.service.key)
        }
        served.add(key, isNodePort: isNodePort, old, new)
        let map: SetPurpose = isNodePort ? .nodePorts : .services
        let isSame = if let old, let new { old.shape == new.shape && old.isNamed(like: new) } else { false }
        if !isSame { take(old.map(\.element), new.map(\.element), of: map, &change) }
        takeList(.cluster, key, isNodePort: isNodePort, old, new, &change)
        takeList(.local, key, isNodePort: isNodePort, old, new, &change)
        takeSources(old, new, &change)
    }

    /// Who is let in, and whether the set that says so is needed.
    private mutating func takeSources(_ old: ServiceEntry?, _ new: ServiceEntry?, _ change: inout TableChange) {
        let (wasGuarded, isGuarded) = (old?.shape.isGuarded == true, new?.shape.isGuarded == true)
        guard wasGuarded || isGuarded else { return }
        if wasGuarded != isGuarded {
            let wasNeeded = guardedCount > 0
            guardedCount += isGuarded ? 1 : -1
            if wasNeeded != (guardedCount > 0) { declare(SetLayout.sourceRanges([]), isNeeded: !wasNeeded, &change) }
        }
        take(old?.sourceRanges ?? [], new?.sourceRanges ?? [], of: .sourceRanges, &change)
    }

    private mutating func takeList(
        _ policy: TrafficPolicy, _ key: ElementKey, isNodePort: Bool, _ old: ServiceEntry?, _ new: ServiceEntry?,
        _ change: inout TableChange
    ) {
        let list = EndpointList.Key(SlotScope(isNodePort: isNodePort, list: policy), key)
        func endpoints(_ entry: ServiceEntry?) -> [Endpoint] {
            guard let entry, entry.shape.uses(policy) else { return [] }
            return entry.targets(policy)
        }
        let (former, wanted) = (endpoints(old), endpoints(new))
        guard former != wanted else { return }
        let (sizes, newSizes) = (
            builder.layout.limits.sizes(of: former.count), builder.layout.limits.sizes(of: wanted.count)
        )
        let known = sizes.isEmpty ? [] : book.assign(list, count: sizes.count)
        let next = sizes.isEmpty && newSizes.isEmpty ? [] : book.assign(list, count: newSizes.count)
        let before = EndpointList(former, zip(known, sizes))
        let after = EndpointList(wanted, zip(next, newSizes))
        digest.exchange(before, for: after, of: list)
        change.lists.append(EndpointListChange(list, before: before, after: after))
    }

    /// Members of a union that came or went.
    private mutating func takeMembers(
        _ before: [IPAddress: Bool], of set: SetPurpose, now: Multiset<IPAddress>, _ key: (IPAddress) -> ElementKey,
        _ change: inout TableChange
    ) {
        for (address, was) in before where was != now.contains(address) {
            let element = Element(key(address))
            take(was ? element : nil, was ? nil : element, of: set, &change)
        }
    }

    private mutating func take(
        _ old: Element?, _ new: Element?, of set: SetPurpose, _ change: inout TableChange
    ) {
        guard old != new else { return }
        take(old.map { [$0] } ?? [], new.map { [$0] } ?? [], of: set, &change)
    }

    /// Elements that stay are left out.
    private mutating func take(
        _ old: [Element], _ new: [Element], of set: SetPurpose, _ change: inout TableChange
    ) {
        let (known, wanted) = (Set(old), Set(new))
        let definition = SetLayout.declaration(of: set)
        for element in old where !wanted.contains(element) {
            change.removed[set, default: []].append(element)
            digest.remove(element, of: definition)
        }
        for element in new where !known.contains(element) {
            change.added[set, default: []].append(element)
            digest.add(element, of: definition)
        }
    }

    // MARK: Objects

    private mutating func declare(_ set: SetDefinition, isNeeded: Bool, _ change: inout TableChange) {
        if isNeeded {
            change.sets.append(set)
            digest.add(declarationOf: set)
        } else {
            digest.remove(declarationOf: set)
        }
    }

    private mutating func need(_ chain: Chain, isNeeded: Bool, _ change: inout TableChange) {
        if isNeeded {
            change.chains.append(chain)
            digest.add(chain)
        } else {
            digest.remove(chain)
        }
    }

    /// Chains of shapes, slots and parts that are needed from now on, or are not needed any more.
    private mutating func takeObjects(_ change: inout TableChange) {
        let chains = builder.layout.shapeChains
        if needs.shapesDiffer {
            needs.shapesDiffer = false
            let wanted = builder.layout.closure(needs.shapes.keys)
            for shape in shapes.subtracting(wanted) {
                if let chain = chains.chain(shape) { need(chain, isNeeded: false, &change) }
            }
            for shape in wanted.subtracting(shapes) {
                if let chain = chains.chain(shape) { need(chain, isNeeded: true, &change) }
            }
            let isSticky = (shapes.contains(where: \.isSticky), wanted.contains(where: \.isSticky))
            if isSticky.0 != isSticky.1 { takeSharedAffinity(isNeeded: isSticky.1, &change) }
            for isLocal in [false, true] where shapes.recalls(isLocal) != wanted.recalls(isLocal) {
                declareInDigest(.affinityRecall(isLocal: isLocal), isNeeded: wanted.recalls(isLocal))
            }
            shapes = wanted
        }
        for scope in SlotScope.all {
            let (slots, wanted) = (slotCounts[scope] ?? 0, needs.slotCount(scope))
            for slot in min(slots, wanted)..<max(slots, wanted) {
                let count = needs.elementCount(scope, slot: slot)
                // Maps of all slots of a scope are one in the digest.
                let set = SetLayout.endpoints(scope, slot: slot, count: count)
                if slot == 0 {
                    declare(set, isNeeded: wanted > slots, &change)
                } else if wanted > slots {
                    change.sets.append(set)
                }
                need(chains.slot(slot, scope), isNeeded: wanted > slots, &change)
            }
            slotCounts[scope] = wanted
            let (parts, wantedParts) = (partCounts[scope] ?? 0, needs.partCount(scope))
            for number in min(parts, wantedParts)..<max(parts, wantedParts) {
                let set = SetLayout.parts(scope, number: number, count: needs.elementCount(scope, part: number))
                if number == 0 {
                    declare(set, isNeeded: wantedParts > parts, &change)
                } else if wantedParts > parts {
                    change.sets.append(set)
                }
            }
            partCounts[scope] = wantedParts
        }
    }

    /// The affinity of services whose keys, ports or endpoints are others now.
    private mutating func takeAffinity(of services: Set<ObjectKey>, _ change: inout TableChange) {
        for service in services.sorted() {
            let old = affinity[service] ?? []
            let new = sticky[service].map { builder.layout.portAffinities(of: $0, builder.winner) } ?? []
            affinity[service] = new.isEmpty ? nil : new
            guard old != new else { continue }
            for map in PortAffinity.maps {
                take(
                    old.flatMap { $0.elements[map] ?? [] }, new.flatMap { $0.elements[map] ?? [] }, of: map, &change)
            }
            let (oldChains, newChains) = (old.flatMap(\.chains), new.flatMap(\.chains))
            for chain in oldChains where !newChains.contains(chain) { need(chain, isNeeded: false, &change) }
            for chain in newChains where !oldChains.contains(chain) { need(chain, isNeeded: true, &change) }
            let (oldSets, newSets) = (old.flatMap(\.dynamicMaps), new.flatMap(\.dynamicMaps))
            for set in newSets {
                if !oldSets.contains(where: { $0.name == set.name }) {
                    declare(set, isNeeded: true, &change)
                } else if !oldSets.contains(set) {
                    change.dynamicMaps.append(set)
                }
            }
            for set in oldSets where !newSets.contains(where: { $0.name == set.name }) {
                declare(set, isNeeded: false, &change)
                change.retiredSets.append(set.purpose)
            }
        }
    }

    /// What all affinity shares is needed as long as a chain looks it up.
    private mutating func takeSharedAffinity(isNeeded: Bool, _ change: inout TableChange) {
        need(PortAffinity.remember, isNeeded: isNeeded, &change)
        for chain in PortAffinity.baseChains {
            need(chain, isNeeded: isNeeded, &change)
            if !isNeeded { change.retiredChains.append(chain.purpose) }
        }
        if isNeeded { change.sets += PortAffinity.maps.map(SetLayout.declaration) }
        declareInDigest(.affinityServices, isNeeded: isNeeded)
    }

    /// Only those of the maps of affinity count in the digest that a chain looks up.
    private mutating func declareInDigest(_ map: SetPurpose, isNeeded: Bool) {
        let set = SetLayout.declaration(of: map)
        if isNeeded { digest.add(declarationOf: set) } else { digest.remove(declarationOf: set) }
    }
}

extension Set<Shape> {
    /// Whether one of them looks up what clients of a list are remembered to use.
    fileprivate func recalls(_ isLocal: Bool) -> Bool {
        contains { if case .sticky(let scope, _) = $0 { scope.isLocal == isLocal } else { false } }
    }
}

extension ServiceEntry {
    /// What leads packets with the key on their way.
    fileprivate var element: Element { Element(key, .verdict(shape.verdict), comment: label) }
}

extension EndpointList {
    fileprivate init(_ targets: [Endpoint], _ parts: some Sequence<(IPAddress, Int)>) {
        self.init(
            targets.map { .endpoint($0.address, $0.port) }, parts: parts.map { Part($0.0, count: $0.1) })
    }
}

extension Dictionary {
    /// Adds a value unless the key has one, if only nil.
    fileprivate mutating func keep(_ value: Value, of key: Key) {
        if index(forKey: key) == nil { updateValue(value, forKey: key) }
    }
}
