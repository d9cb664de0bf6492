// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleParallel
internal import FerruleResolution
internal import FerruleRuleset

extension TableLayout {
    /// The whole table, or an absent one where it need not exist.
    func table(_ contents: TableContents) -> Table {
        var book = PartBook(family, besides: contents.services)
        return table(contents, parts: &book)
    }

    /// Whether the table need not exist: the family has no service and no range to guard.
    ///
    /// - Parameter hasEntries: whether a claim has won a key.
    func isAbsent(hasEntries: Bool) -> Bool { serviceCIDRs.isEmpty && !hasEntries }

    /// - Parameter parts: gives addresses to parts that have none.
    func table(_ contents: TableContents, parts book: inout PartBook) -> Table {
        guard !isAbsent(hasEntries: !contents.isEmpty) else { return Table(.ferrule(family)) }
        var needs = TableNeeds(limits)
        needs.add(contents.all)
        let shapeChains = shapeChains
        let slotChains = SlotScope.all.flatMap { scope in
            (0..<needs.slotCount(scope)).map { shapeChains.slot($0, scope) }
        }
        let shapes = closure(needs.shapes.keys)
        let affinity = AffinityObjects(portAffinities(contents), isUsed: shapes.contains(where: \.isSticky))
        let (known, counted) = (book, needs)
        let ((endpointSets, given), fixedSets) = parallelPair {
            self.endpointSets(contents, counted, known)
        } _: {
            self.fixedSets(contents, Array(counted.shapes.keys))
        }
        book = given
        return Table(
            .ferrule(family),
            sets: fixedSets + affinity.sets + endpointSets,
            chains: affinity.chains + slotChains
                + shapes.sorted(by: Shape.isOrdered).compactMap(shapeChains.chain) + fixedChains
                + affinity.baseChains + [postrouting])
    }

    /// The sets that every packet meets come first, where the kernel finds them at once.
    ///
    /// - Parameter shapes: those of all entries.
    private func fixedSets(_ contents: TableContents, _ shapes: [Shape]) -> [SetDefinition] {
        let verdicts = [
            SetLayout.verdicts(.services, isNodePort: false, verdictElements(contents.services, shapes)),
            SetLayout.verdicts(.nodePorts, isNodePort: true, verdictElements(contents.nodePorts, shapes)),
        ]
        let guarded = contents.all.filter(\.shape.isGuarded)
        return verdicts + [SetLayout.addresses(.clusterIPs, contents.clusterIPs)] + settingSets
            + [SetLayout.hairpin(contents.hairpin)]
            + (guarded.isEmpty ? [] : [SetLayout.sourceRanges(guarded.flatMap(\.sourceRanges))])
    }

    /// Verdicts are made once for each shape, of which there are few: their names are text.
    private func verdictElements(_ entries: [ServiceEntry], _ shapes: [Shape]) -> [Element] {
        let verdicts = Dictionary(uniqueKeysWithValues: shapes.map { ($0, $0.verdict) })
        return parallelMap(count: entries.count, sliceLength: 1024) { place in
            let entry = entries[place]
            return Element(entry.key, .verdict(verdicts[entry.shape] ?? entry.shape.verdict), comment: entry.label)
        }
    }

    /// The maps of parts of all scopes, then `endpoints-0`, `endpoints-1`, … of each: the i-th endpoint of each entry and each
    /// part, by key.
    private func endpointSets(
        _ contents: TableContents, _ needs: TableNeeds, _ known: PartBook
    ) -> (sets: [SetDefinition], book: PartBook) {
        var book = known
        var parts: [SetDefinition] = []
        var lists: [SlotScope: [(key: ElementKey, endpoints: ArraySlice<Endpoint>)]] = [:]
        for scope in SlotScope.all {
            var maps: [[Element]] = Array(repeating: [], count: needs.partCount(scope))
            for entry in contents.entries(isNodePort: scope.isNodePort) where entry.shape.uses(scope.list) {
                let targets = entry.targets(scope.list)
                let sizes = limits.sizes(of: targets.count)
                guard !sizes.isEmpty else {
                    lists[scope, default: []].append((entry.key, targets[...]))
                    continue
                }
                let addresses = book.assign(EndpointList.Key(scope, entry.key), count: sizes.count)
                var start = 0
                for (number, size) in sizes.enumerated() {
                    maps[number].append(Element(entry.key, .data(.address(addresses[number]))))
                    lists[.ofParts, default: []].append(
                        (entry.key.ofPart(addresses[number]), targets[start..<start + size]))
                    start += size
                }
            }
            parts += maps.enumerated().map { number, elements in
                SetLayout.parts(scope, number: number, count: elements.count, elements)
            }
        }
        if !parts.isEmpty, let unsorted = lists[.ofParts] {
            lists[.ofParts] = unsorted.map(\.key).ascendingPositions.map { unsorted[$0] }
        }
        let slots = SlotScope.all.flatMap { scope in
            var maps: [[Element]] = Array(repeating: [], count: needs.slotCount(scope))
            for slot in maps.indices { maps[slot].reserveCapacity(needs.elementCount(scope, slot: slot)) }
            for (key, endpoints) in lists[scope] ?? [] {
                for (slot, target) in endpoints.enumerated() {
                    maps[slot].append(Element(key, .data(.endpoint(target.address, target.port))))
                }
            }
            return maps.enumerated().map { slot, elements in
                SetLayout.endpoints(scope, slot: slot, count: elements.count, elements)
            }
        }
        return (parts + slots, book)
    }

    // MARK: Affinity

    /// The affinity of all ports that have any, in the order of their services.
    private func portAffinities(_ contents: TableContents) -> [PortAffinity] {
        var sticky: [ObjectKey: Contribution] = [:]
        for entry in contents.all where entry.isSticky {
            sticky[entry.contribution.service.key] = entry.contribution
        }
        return sticky.sorted { $0.key < $1.key }.flatMap { portAffinities(of: $0.value, contents.winner) }
    }

    /// The affinity of a service's ports, as far as it has won its keys.
    ///
    /// - Parameter winner: the claim that has won a key, of node ports or of the other map.
    func portAffinities(
        of contribution: Contribution, _ winner: (ElementKey, _ isNodePort: Bool) -> ServiceEntry?
    ) -> [PortAffinity] {
        let service = contribution.service
        return service.ports.indices.compactMap { position in
            guard service.ports[position].family == family, let seconds = service.ports[position].affinitySeconds else {
                return nil
            }
            let claims = contribution.claims.filter { claim in
                guard claim.port == position, claim.family == family else { return false }
                let winner = winner(claim.key, claim.isNodePort)
                return winner?.contribution === contribution && winner?.claim == claim
            }
            let entries = claims.sorted { $0.key < $1.key }.flatMap { claim in
                remembered(claim, winner).map { (key: $0, shape: claim.shape) }
            }
            let affinity = PortAffinity(service.ports[position], seconds, entries, podTraffic)
            return affinity.isEmpty ? nil : affinity
        }
    }

    /// Under which keys connections of a claim are remembered: node ports by node address. A virtual address that is the
    /// node's too wins over its node ports where it has endpoints, so it is also remembered first.
    private func remembered(
        _ claim: Claim, _ winner: (ElementKey, _ isNodePort: Bool) -> ServiceEntry?
    ) -> [ElementKey] {
        guard claim.isNodePort, let (transport, port) = claim.key.port else { return [claim.key] }
        return nodePortAddresses.addresses.map { ElementKey.service($0, transport, port) }.filter { key in
            winner(key, false).map(\.shape.isRefusal) ?? true
        }
    }
}
