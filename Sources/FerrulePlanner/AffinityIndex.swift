// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// For how long the clients of each key keep their endpoint.
struct AffinityIndex {
    /// By the map that tells where clients are remembered, then by key.
    private var chains: [SetName: [ElementKey: ChainName]] = [:]
    private var seconds: [ChainName: Int] = [:]
    /// By the name of the service port, of which all keys have the same memory.
    private var secondsByName: [String: Int] = [:]

    /// - Parameter virtual: those of the virtual addresses. Node ports are remembered by the node's addresses, which these are not.
    init(_ table: Table, _ tableChains: [ChainName: Chain], virtual: [Element]) {
        var timeouts: [SetName: Int] = [:]
        for statement in table.chains.lazy.flatMap(\.rules).flatMap(\.statements) {
            if case .update(let map, _, let timeout, _) = statement { timeouts[map] = timeout }
        }
        guard !timeouts.isEmpty else { return }
        // A virtual address that only refuses leaves the key to a node port.
        var isServed: [Verdict: Bool] = [:]
        for case .verdict(let verdict) in virtual.lazy.map(\.value) where isServed[verdict] == nil {
            isServed[verdict] = !TrafficPath(verdict, .outside, in: tableChains).slots.isEmpty
        }
        let served = Set(
            virtual.lazy.filter {
                if case .verdict(let verdict) = $0.value { isServed[verdict] == true } else { false }
            }
            .map(\.key))
        for chain in table.chains {
            for case .dnat([.sourceAddress], let map) in chain.rules.flatMap(\.statements) {
                seconds[chain.name] = timeouts[map]
            }
        }
        for set in table.sets where set.valueType == .verdict {
            for element in set.elements {
                guard case .verdict(.jump(let chain)) = element.value, seconds[chain] != nil else { continue }
                chains[set.name, default: [:]][element.key] = chain
                guard let (_, transport, port) = element.key.service, !served.contains(element.key) else { continue }
                chains[set.name, default: [:]][.port(transport, port)] = chain
            }
        }
        for element in virtual {
            guard let name = element.comment, let chain = chains.values.lazy.compactMap({ $0[element.key] }).first
            else { continue }
            secondsByName[name] = seconds[chain]
        }
    }

    /// - Parameter recall: the map that packets of the key are looked up in.
    func seconds(_ key: ElementKey, _ recall: SetName) -> Int? {
        chains[recall]?[key].flatMap { seconds[$0] }
    }

    /// Where the table knows no address of the node, nothing leads from a node port to its memory: it is that of the port's other
    /// keys, on every node.
    func seconds(ofNodePortOf name: String) -> Int? { secondsByName[name] }
}
