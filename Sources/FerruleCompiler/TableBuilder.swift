// SPDX-License-Identifier: Apache-2.0

internal import FerruleCluster
internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The sum of what all services put into the table of one family: who claims each key, and how many need each member of a
/// union.
///
/// Taking a contribution out and putting another in costs what they hold, whatever else there is. What that means for the
/// table is told by its ``contents`` as a whole, or by a ``TableTracker`` as a change.
struct TableBuilder: Sendable {
    let layout: TableLayout
    private var services: [ElementKey: Claimants] = [:]
    private var nodePorts: [ElementKey: Claimants] = [:]
    /// The claimed keys of virtual addresses at which node ports may be served too, by protocol and number.
    private var sharedKeys: [ElementKey: Set<ElementKey>] = [:]
    private(set) var clusterIPs = Multiset<IPAddress>()
    /// The addresses of endpoints on this node, for pods that reach themselves.
    private(set) var hairpin = Multiset<IPAddress>()

    init(_ layout: TableLayout) { self.layout = layout }

    var family: IPFamily { layout.family }

    /// See ``TableLayout/isAbsent(hasEntries:)``.
    var isAbsent: Bool { layout.isAbsent(hasEntries: !services.isEmpty || !nodePorts.isEmpty) }

    /// The sum of contributions, to be followed from here on.
    init(_ layout: TableLayout, _ contributions: [Contribution]) {
        self.init(layout)
        let count = contributions.count { $0.hasPorts(of: layout.family) }
        services.reserveCapacity(count)
        clusterIPs.reserveCapacity(count)
        for contribution in contributions { insert(contribution) }
    }

    mutating func insert(_ contribution: Contribution) {
        contribution.forEachClaim(of: family) { index, claim in
            let entry = ServiceEntry(contribution, claim: index)
            if claim.isNodePort { nodePorts.insert(entry) } else { services.insert(entry) }
            if let number = number(sharedBy: claim) { sharedKeys[number, default: []].insert(claim.key) }
        }
        contribution.forEachMember(of: family) {
            clusterIPs.insert($0)
        } hairpin: {
            hairpin.insert($0)
        }
    }

    mutating func remove(_ contribution: Contribution) {
        contribution.forEachClaim(of: family) { _, claim in
            if claim.isNodePort {
                nodePorts.remove(claim.key, of: contribution.service.key)
            } else {
                services.remove(claim.key, of: contribution.service.key)
                if services[claim.key] == nil { forgetShared(claim.key) }
            }
        }
        contribution.forEachMember(of: family) {
            clusterIPs.remove($0)
        } hairpin: {
            hairpin.remove($0)
        }
    }

    /// Puts a contribution in the place of its service's last one, which held the same.
    mutating func exchange(_ new: Contribution) {
        new.forEachClaim(of: family) { index, claim in
            let entry = ServiceEntry(new, claim: index)
            if claim.isNodePort { nodePorts[claim.key]?.exchange(entry) } else { services[claim.key]?.exchange(entry) }
        }
    }

    /// The claim that has won a key; nil where nobody claims it.
    func winner(_ key: ElementKey, isNodePort: Bool) -> ServiceEntry? {
        (isNodePort ? nodePorts[key] : services[key])?.winner
    }

    /// Goes through all claims, whether or not they have won their keys.
    func forEachClaimant(_ body: (ServiceEntry) -> Void) {
        for claimants in services.values { claimants.all.forEach(body) }
        for claimants in nodePorts.values { claimants.all.forEach(body) }
    }

    /// The claimed keys of virtual addresses at which node ports may be served too, and which have the numbers of these.
    func keys(sharing nodePorts: Set<ElementKey>) -> [ElementKey] { nodePorts.flatMap { sharedKeys[$0] ?? [] } }

    /// The key that a node port of the same number has, if it may be served at the address that is claimed. Where all addresses of
    /// the node are meant, ClusterIPs are none of them.
    private func number(sharedBy claim: Claim) -> ElementKey? {
        guard let (address, transport, port) = claim.key.service else { return nil }
        let nodePortAddresses = layout.nodePortAddresses
        if case .listed = nodePortAddresses {} else if claim.rank == .clusterIP { return nil }
        return nodePortAddresses.mayHold(address) ? .port(transport, port) : nil
    }

    private mutating func forgetShared(_ key: ElementKey) {
        guard let (_, transport, port) = key.service else { return }
        let number = ElementKey.port(transport, port)
        sharedKeys[number]?.remove(key)
        if sharedKeys[number]?.isEmpty == true { sharedKeys[number] = nil }
    }

    /// All of it, in order.
    var contents: TableContents {
        TableContents(services: services.winners, nodePorts: nodePorts.winners, hairpin: hairpin.values.sorted())
    }
}

extension [ElementKey: Claimants] {
    /// In the order of the keys.
    fileprivate var winners: [ServiceEntry] {
        let winners = values.map(\.winner)
        return keys.map(\.self).ascendingPositions.map { winners[$0] }
    }

    fileprivate mutating func insert(_ entry: ServiceEntry) { self[entry.key, default: .nobody].insert(entry) }

    fileprivate mutating func remove(_ key: ElementKey, of service: ObjectKey) {
        guard let claimants = self[key] else { return }
        self[key] = claimants.removing(service)
    }
}

extension Contribution {
    /// Whether everything that a builder finds the contribution by is the same, as where endpoints on other nodes come and go: all
    /// claims but for the number of endpoints that they lead to, and what it adds to unions. Never so with affinity, whose
    /// objects depend on endpoints too.
    func holdsSame(as other: Contribution) -> Bool {
        let (ports, others) = (service.ports, other.service.ports)
        return service.key == other.service.key && claims.count == other.claims.count && ports.count == others.count
            && claims.indices.allSatisfy { index in
                let (claim, successor) = (claims[index], other.claims[index])
                return claim.key == successor.key && claim.rank == successor.rank && claim.port == successor.port
                    && claim.shape.isRefusal == successor.shape.isRefusal
            }
            && ports.indices.allSatisfy { index in
                ports[index].clusterIP == others[index].clusterIP && ports[index].family == others[index].family
                    && ports[index].affinitySeconds == nil && others[index].affinitySeconds == nil
                    && ports[index].endpoints.localAddresses == others[index].endpoints.localAddresses
            }
    }

    /// Whether a port of the service has session affinity in a family.
    func hasAffinity(in family: IPFamily) -> Bool {
        isSticky && service.ports.contains { $0.family == family && $0.affinitySeconds != nil }
    }

    /// Goes through what the service claims in a family, each with its position among all claims.
    func forEachClaim(of family: IPFamily, _ body: (Int, Claim) -> Void) {
        for index in claims.indices where claims[index].family == family { body(index, claims[index]) }
    }

    /// Goes through what the service adds to unions of a family.
    func forEachMember(
        of family: IPFamily, clusterIP: (IPAddress) -> Void, hairpin: (IPAddress) -> Void
    ) {
        for port in service.ports.indices where service.ports[port].family == family {
            if let address = service.ports[port].clusterIP { clusterIP(address) }
            service.ports[port].endpoints.localAddresses.forEach(hairpin)
        }
    }
}
