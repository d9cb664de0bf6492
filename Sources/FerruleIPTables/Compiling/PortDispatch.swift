// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// Where packets to some address, or to any of the node's, are led by transport protocol and port.
struct PortDispatch {
    struct Way {
        let transport: TransportProtocol
        let port: Port
        let target: IPTablesTarget
    }

    private(set) var ways: [Way] = []

    mutating func append(_ transport: TransportProtocol, _ port: Port, _ target: IPTablesTarget) {
        ways.append(Way(transport: transport, port: port, target: target))
    }

    /// A rule for each, for packets that match already what is given.
    func rules(_ matches: [IPTablesMatch] = []) -> [IPTablesRule] { Self.rules(ways, matches) }

    private static func rules(_ ways: [Way], _ matches: [IPTablesMatch]) -> [IPTablesRule] {
        ways.sorted { ($0.transport, $0.port) < ($1.transport, $1.port) }.map {
            IPTablesRule(matches + match($0), $0.target)
        }
    }

    private static func match(_ way: Way) -> [IPTablesMatch] {
        [.transport(way.transport), .destinationPorts(way.transport, way.port.number...way.port.number)]
    }

    /// A chain of some name that finds them, and those behind it.
    ///
    /// - Parameter label: also a part of the names of further chains.
    func chains(_ name: IPTablesChainName, label: String) -> [IPTablesChain] {
        guard ways.count > DispatchTree.fanOut else {
            return [IPTablesChain(name, label: label, rules())]
        }
        var rules: [IPTablesRule] = []
        var branches: [IPTablesChain] = []
        for (transport, ways) in Dictionary(grouping: ways, by: \.transport).sorted(by: { $0.key < $1.key }) {
            let entries = ways.sorted { $0.port < $1.port }.map {
                DispatchTree.Entry($0.port, [IPTablesRule(Self.match($0), $0.target)])
            }
            // A port that is not found comes back behind the jump that led here.
            let branch = IPTablesChainName(.branch, "\(label) \(transport.name)")
            rules.append(IPTablesRule(.transport(transport), target: .goto(branch)))
            branches += DispatchTree.ports(label, label: label, transport).chains(branch, entries)
        }
        return [IPTablesChain(name, label: label, rules)] + branches
    }
}
