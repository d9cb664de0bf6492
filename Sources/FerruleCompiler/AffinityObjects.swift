// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// The maps and chains of session affinity in one family.
///
/// As in kube-proxy, affinity belongs to a service port and its list of endpoints, whatever address the client used. Each such
/// port S has a map `affinity-S` from client to endpoint, written by packets in `remember-S` and read in `recall-S`; where
/// the policy Local is used also `local-affinity-S` with its chains, because a client remembered on another node's endpoint
/// must not be led there when its traffic may not leave the node.
struct AffinityObjects {
    private(set) var sets: [SetDefinition] = []
    private(set) var chains: [Chain] = []

    /// How many clients a service port remembers at most; more are balanced without memory.
    private static let clients = 65_536

    private let podMatch: PodMatch
    private var recall: [TrafficPolicy: [Element]] = [:]
    private var record: [Element] = []
    private var memories: [SetDefinition] = []

    /// - Parameter nodeAddresses: where node ports are served.
    init(_ ports: [ResolvedPort], _ entries: ServiceEntries, nodeAddresses: [IPAddress], _ podMatch: PodMatch) {
        self.podMatch = podMatch
        guard ports.indices.contains(where: { ports[$0].affinitySeconds != nil }) else { return }
        var shapes: [Int: [(keys: [ElementKey], shape: Shape)]] = [:]
        for entry in entries.services where ports[entry.port].affinitySeconds != nil {
            shapes[entry.port, default: []].append(([entry.key], entry.shape))
        }
        let virtual = Set(entries.services.lazy.filter { !$0.shape.isRefusal }.map(\.key))
        for entry in entries.nodePorts where ports[entry.port].affinitySeconds != nil {
            guard case .port(let transport, let port) = entry.key else { continue }
            // A virtual address that is a node's too wins over its node ports, so it is also remembered first.
            let keys = nodeAddresses.map { ElementKey.service($0, transport, port) }.filter { !virtual.contains($0) }
            if !keys.isEmpty { shapes[entry.port, default: []].append((keys, entry.shape)) }
        }
        for (index, port) in ports.enumerated() {
            if let shapes = shapes[index], let seconds = port.affinitySeconds { add(port, seconds, shapes) }
        }
        guard !record.isEmpty else { return }
        sets = memories
        sets.append(verdictMap(ObjectNames.affinityServices, record))
        for list in [TrafficPolicy.cluster, .local] {
            sets.append(verdictMap(SlotScope(isNodePort: false, list: list).recall, recall[list] ?? []))
        }
        chains.append(AffinityObjects.remember)
    }

    /// Finds the service port by where the connection went before translation.
    private static let remember = Chain(
        ObjectNames.remember,
        rules: TransportProtocol.allCases.map { transport in
            let key: [Field] = [.originalDestinationAddress, .transportProtocol, .originalDestinationPort]
            return Rule(.hasPort(transport), .verdictMap(key, ObjectNames.affinityServices))
        })

    private func verdictMap(_ name: SetName, _ elements: [Element]) -> SetDefinition {
        SetDefinition(name, key: Keys.serviceType, value: .verdict, elements: elements.sorted { $0.key < $1.key })
    }

    /// The objects of one service port, and the elements that lead to them.
    private mutating func add(_ port: ResolvedPort, _ seconds: Int, _ shapes: [(keys: [ElementKey], shape: Shape)]) {
        let names = AffinityNames(port)
        let usesCluster = shapes.contains { $0.shape.uses(.cluster) }
        let usesLocal = shapes.contains { $0.shape.uses(.local) }
        let usesBoth = shapes.contains { $0.shape.uses(.cluster) && $0.shape.uses(.local) }
        for (keys, shape) in shapes {
            let lists = [TrafficPolicy.cluster, .local].filter(shape.uses)
            guard let list = lists.first else { continue }
            let recorder = lists.count == 2 ? names.rememberBoth : names.remember(list)
            for key in keys {
                record.append(Element(key, .verdict(.goto(recorder))))
                for list in lists {
                    recall[list, default: []].append(Element(key, .verdict(.jump(names.recall(list)))))
                }
            }
        }
        let note = AffinityRecorder(transport: port.protocol, seconds: seconds, names: names)
        if usesCluster {
            memories.append(memory(names.memory(.cluster), seconds, port.endpoints.cluster))
            chains.append(note.recallChain(.cluster))
            chains.append(note.rememberCluster(alsoLocal: usesLocal))
        }
        if usesLocal {
            memories.append(memory(names.memory(.local), seconds, port.endpoints.local))
            chains.append(note.recallChain(.local))
            chains.append(note.rememberLocal(alsoCluster: usesCluster && port.endpoints.localIsPartOfCluster))
        }
        if usesBoth { chains.append(note.rememberBoth(podMatch)) }
    }

    private func memory(_ name: SetName, _ seconds: Int, _ targets: [Target]) -> SetDefinition {
        let memory = SetDefinition.Memory(
            timeout: seconds, values: Set(targets.map { ElementValue.target($0.address, $0.port) }))
        return SetDefinition(
            name, key: [.address], value: .data(Keys.targetType), kind: .dynamic(memory),
            size: AffinityObjects.clients)
    }
}

/// The names of one service port's affinity objects. Slashes keep `a-b/c` and `a/b-c` apart.
struct AffinityNames {
    private let suffix: String

    init(_ port: ResolvedPort) {
        let name = port.name.isEmpty ? "\(port.port)" : port.name
        suffix = "\(port.namespace)/\(port.service)/\(port.protocol.name)/\(name)"
    }

    func memory(_ list: TrafficPolicy) -> SetName { SetName("\(prefix(list))affinity-\(suffix)") }
    func recall(_ list: TrafficPolicy) -> ChainName { ChainName("\(prefix(list))recall-\(suffix)") }
    func remember(_ list: TrafficPolicy) -> ChainName { ChainName("\(prefix(list))remember-\(suffix)") }
    var rememberBoth: ChainName { ChainName("both-remember-\(suffix)") }

    private func prefix(_ list: TrafficPolicy) -> String { list == .local ? "local-" : "" }
}
