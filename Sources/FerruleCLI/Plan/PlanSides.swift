// SPDX-License-Identifier: Apache-2.0

internal import FerruleText
internal import ArgumentParser
internal import FerruleCluster
internal import FerruleCompiler
internal import FerruleDiagnostics
internal import FerruleKubernetes
internal import FerruleNetlink
internal import FerruleNetwork
internal import FerruleNode
internal import FerrulePlanner
internal import FerruleResolution
internal import FerruleRuleset

/// The two states that a plan compares.
struct PlanSides {
    struct Side {
        var ruleset: Ruleset
        /// Of the services that nodes see differently, where the plan is about all nodes.
        var placed: [NodePlace: Ruleset] = [:]
        var origins = PlanOrigins()
    }

    let before: Side
    let after: Side
    /// The node that the plan is for; nil: it is about all nodes.
    let nodeName: String?
    /// Those that there are in the end, where the plan is about all of them and definitions say it.
    let nodes: KnownNodes
    /// Those that any node has on either side, and this host's where the plan is against the kernel.
    let addressesOfNodes: Set<IPAddress>
    /// The nodes of both sides that serve node ports at other addresses, where the plan is about all of them.
    let nodePorts: [NodePortPlaces]
    /// What a reader has to know of the first side before the rest.
    let notes: [String]
    /// Of the input; and what is wrong in definitions that it is compared with.
    let diagnostics: [Diagnostic]
}

extension PlanSides {
    /// Compares with other definitions. Both sides are read by the same options, and an address or node port that one of
    /// them leaves open is the same on the other.
    ///
    /// - Parameter paths: those of the other definitions that exist.
    init(input: InputOptions, base paths: [String], _ console: Console) throws {
        let pipeline = Pipeline(input: input, console: console, coversAllNodes: true, mayWriteLock: true)
        let base = Pipeline(input: input, console: console, coversAllNodes: true, base: paths)
        try input.requirePaths()
        // Each is read once for both sides: it may be a pipe.
        let configuration = try pipeline.readConfiguration()
        let parsed = try pipeline.parse(configuration)
        let parsedBase = try base.parse(configuration)
        let remembered = try pipeline.remembered()
        let given = AllocationLock(givenBy: parsed.services)
        let givenBase = AllocationLock(givenBy: parsedBase.services)
        let outputBase = try base.compile(parsedBase, remembered, like: given)
        let output = try pipeline.compile(parsed, remembered, like: outputBase.resolution.lock.adding(givenBase))
        before = Side(outputBase)
        after = Side(output)
        nodeName = output.nodeName
        nodes =
            output.nodeName == nil
            ? KnownNodes(output.resolver, since: outputBase.resolver, seen: output.rulesets.keys) : KnownNodes()
        addressesOfNodes = outputBase.resolver.addressesOfNodes.union(output.resolver.addressesOfNodes)
        nodePorts = nodes.names.flatMap { NodePortPlaces.all(on: $0, from: outputBase.resolver, to: output.resolver) }
        diagnostics = outputBase.diagnostics + output.diagnostics
        notes = PlanSides.notes(paths, errors: outputBase.diagnostics.total(.warning), parsedBase, nodes)
    }

    private static func notes(
        _ paths: [String], errors: Int, _ base: Pipeline.Parsed, _ nodes: KnownNodes
    ) -> [String] {
        var notes: [String] = []
        if errors > 0 {
            notes.append(
                "\(counted(errors, "error")) in what it is compared with: what is wrong there is left out."
            )
        }
        if base.services.isEmpty {
            let place = paths.isEmpty ? "to compare with" : "in \(paths.joined(separator: ", "))"
            notes.append("There is no service \(place): all is new.")
        }
        let gone = nodes.gone.sorted().compactMap { if case .node(let name) = $0 { name } else { nil } }
        if !gone.isEmpty {
            notes.append(
                "\(PlanWording.listed(gone)) \(gone.count == 1 ? "is" : "are") gone from the definitions: "
                    + "what becomes of traffic there is not told.")
        }
        return notes
    }

    /// Compares with what stands in the kernel, which is for this host.
    init(input: InputOptions, kernel actual: Ruleset, _ console: Console) throws {
        let pipeline = Pipeline(input: input, console: console, host: .current(), mayWriteLock: true)
        let output = try pipeline.run()
        before = Side(ruleset: actual)
        after = Side(output)
        nodeName = output.nodeName
        addressesOfNodes = output.resolver.addressesOfNodes
        (nodes, nodePorts) = (KnownNodes(), [])
        diagnostics = output.diagnostics
        notes =
            actual.tables.contains { !$0.isAbsent }
            ? [] : ["The kernel has no table of Ferrule: all is new."]
    }
}

extension PlanSides.Side {
    fileprivate init(_ output: Pipeline.Output) {
        ruleset = output.ruleset
        for (kind, ruleset) in output.rulesets { placed[NodePlace(kind)] = ruleset }
        origins = PlanOrigins(output.resolution)
    }
}

extension KnownNodes {
    /// The nodes of some definitions; gone are those that earlier ones have besides, unless there still are endpoints on
    /// them. Definitions without a node do not tell which there are.
    ///
    /// - Parameter seen: those that services tell from others.
    init(_ resolver: ClusterResolver, since earlier: ClusterResolver, seen: some Sequence<NodeKind>) {
        let (before, after) = (earlier.zonesOfNodes, resolver.zonesOfNodes)
        var gone: Set<NodePlace> = []
        if !after.isEmpty {
            gone = NodePlace.all(before).subtracting(NodePlace.all(after)).subtracting(seen.map { NodePlace($0) })
        }
        self.init(after, before: before, gone: gone)
    }
}

extension ClusterResolver {
    /// Of each node the zone; nil for none.
    fileprivate var zonesOfNodes: [String: String?] {
        Dictionary(uniqueKeysWithValues: store.nodes.sortedKeys.map { ($0.name, zone(ofNode: $0.name)) })
    }
}

extension NodePortPlaces {
    /// Those of each family on a node that both sides have; none where its addresses are the same.
    fileprivate static func all(
        on name: String, from before: ClusterResolver, to after: ClusterResolver
    ) -> [NodePortPlaces] {
        let key = ObjectKey("", name)
        guard let old = before.store.nodes[key], let new = after.store.nodes[key],
            old.hostAddresses != new.hostAddresses
        else { return [] }
        let views = [before, after].map { $0.seen(from: name).surroundings }
        return IPFamily.allCases.map { family in
            let texts = views.map { $0.nodePortAddresses(family).texts }
            return NodePortPlaces(node: name, family: family, before: texts[0], after: texts[1])
        }
    }
}

extension NodePortAddresses {
    /// nil for every address of the node.
    fileprivate var texts: [String]? {
        switch self {
        case .all: nil
        case .listed(let addresses), .within(_, let addresses): addresses.map(\.description)
        }
    }
}

extension NodePlace {
    /// - Parameter zones: of each node the zone.
    fileprivate static func all(_ zones: [String: String?]) -> Set<NodePlace> {
        Set(zones.keys.map(NodePlace.node) + zones.values.compactMap(\.self).map(NodePlace.zone))
    }

    init(_ kind: NodeKind) {
        switch kind {
        case .node(let name): self = .node(name)
        case .zone(let name): self = .zone(name)
        case .unscheduled: self = .unscheduled
        }
    }
}

extension AllocationLock {
    fileprivate func adding(_ other: AllocationLock) -> AllocationLock {
        var lock = self
        lock.clusterIPs.merge(other.clusterIPs) { $0 + $1 }
        lock.nodePorts.merge(other.nodePorts) { own, _ in own }
        return lock
    }
}
