// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleRuleset

/// What the session affinity of one service port needs in one family: maps that packets write, chains of its own, and
/// elements that lead to these.
///
/// As in kube-proxy, affinity belongs to a service port and its list of endpoints, whatever address the client used. Such a
/// port S has a map `affinity-S` from client to endpoint, written by packets in `remember-S` and read in `recall-S`; where
/// the policy Local is used also `local-affinity-S` with its chains, because a client remembered on another node's endpoint
/// must not be led there when its traffic may not leave the node.
struct PortAffinity: Sendable, Equatable {
    /// The maps that packets write.
    private(set) var dynamicMaps: [SetDefinition] = []
    private(set) var chains: [Chain] = []
    /// What leads to the chains, sorted by key.
    private(set) var elements: [SetPurpose: [Element]] = [:]

    /// The maps that lead to chains of service ports, in the order of their declaration.
    static let maps: [SetPurpose] = [
        .affinityServices, .affinityRecall(isLocal: false), .affinityRecall(isLocal: true),
    ]

    /// How many clients a service port remembers at most; more are balanced anew each time.
    private static let clients = 65_536

    /// - Parameter entries: the keys by which the port is reached, node ports by node address, each with what it leads to.
    init(_ port: ResolvedPort, _ seconds: Int, _ entries: [(key: ElementKey, shape: Shape)], _ podTraffic: PodTraffic) {
        let names = AffinityNames(port)
        let usesCluster = entries.contains { $0.shape.uses(.cluster) }
        let usesLocal = entries.contains { $0.shape.uses(.local) }
        let usesBoth = entries.contains { $0.shape.uses(.cluster) && $0.shape.uses(.local) }
        for (key, shape) in entries {
            let lists = TrafficPolicy.allCases.filter(shape.uses)
            guard let list = lists.first else { continue }
            let remember = lists.count == 2 ? names.rememberBoth : names.remember(list)
            elements[.affinityServices, default: []].append(Element(key, .verdict(.goto(remember.name))))
            for list in lists {
                elements[.affinityRecall(isLocal: list == .local), default: []].append(
                    Element(key, .verdict(.jump(names.recall(list).name))))
            }
        }
        for map in elements.keys { elements[map]?.sort { $0.key < $1.key } }
        let ofPort = AffinityChains(transport: port.protocol, seconds: seconds, names: names)
        if usesCluster {
            dynamicMaps.append(map(names.map(.cluster), seconds, port.endpoints.cluster))
            chains.append(ofPort.recallChain(.cluster))
            chains.append(ofPort.rememberCluster(alsoLocal: usesLocal))
        }
        if usesLocal {
            dynamicMaps.append(map(names.map(.local), seconds, port.endpoints.local))
            chains.append(ofPort.recallChain(.local))
            chains.append(ofPort.rememberLocal(alsoCluster: usesCluster && port.endpoints.localIsPartOfCluster))
        }
        if usesBoth { chains.append(ofPort.rememberBoth(podTraffic)) }
    }

    /// Finds the service port by where the connection went before translation; there as soon as any port has affinity.
    static let remember = Chain(
        .rememberAny,
        rules: TransportProtocol.allCases.map { transport in
            let key: [Field] = [.originalDestinationAddress, .transportProtocol, .originalDestinationPort]
            return Rule(.hasPort(transport), .verdictMap(key, SetPurpose.affinityServices.name))
        })

    /// Where packets enter ``remember``.
    static let baseChains: [Chain] = {
        let remember = Rule(.isDNAT, .verdict(.jump(ChainPurpose.rememberAny.name)))
        return [Chain(.affinityInput, rules: [remember]), Chain(.affinityPostrouting, rules: [remember])]
    }()

    /// Whether no key leads to it: others have won all of them, or there are no endpoints.
    var isEmpty: Bool { elements.isEmpty }

    private func map(_ purpose: SetPurpose, _ seconds: Int, _ targets: [Endpoint]) -> SetDefinition {
        let content = SetDefinition.DynamicElements(
            timeout: seconds, values: Set(targets.map { Concatenation.endpoint($0.address, $0.port) }))
        return SetDefinition(
            purpose, key: [.address], value: .data(Keys.endpointType), kind: .dynamic(content),
            size: PortAffinity.clients)
    }
}
