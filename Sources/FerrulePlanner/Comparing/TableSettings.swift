// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// What holds for all services of a table.
struct TableSettings {
    let serviceCIDRs: [Prefix]
    let podTraffic: [String]
    /// Those that ``podTraffic`` names; none where pods are told by an interface.
    let podRanges: [Prefix]
    /// Addresses, and ranges of those that a node may have; nil where every address of the node serves node ports.
    let nodePortAddresses: [String]?
    let masqueradesAll: Bool
    let mark: Mark?
    let hasNodePorts: Bool

    init(_ table: Table, _ reached: Reachability, _ probe: TrafficProbe) {
        func keys(_ purpose: SetPurpose) -> [ElementKey]? { table.set(purpose, reached)?.elements.map(\.key) }
        serviceCIDRs = (keys(.serviceCIDRs) ?? []).compactMap(\.prefix).sorted()
        let ranges = keys(.podCIDRs)?.compactMap(\.prefix).sorted()
        podRanges = ranges ?? []
        podTraffic =
            ranges?.map(\.description)
            ?? table.podInterfaces(reached).map { ["interface \($0.name)\($0.isPrefix ? "*" : "")"] } ?? []
        let nodePorts = keys(.nodePorts)
        nodePortAddresses =
            if nodePorts == nil { [] } else { keys(.nodePortAddresses)?.map(\.description) }
        hasNodePorts = nodePorts?.isEmpty == false
        masqueradesAll = probe.masqueradesAll
        mark =
            table.chains.lazy.filter { $0.purpose == .postrouting }.flatMap(\.rules).flatMap(\.statements)
            .compactMap { if case .hasMark(let mark) = $0 { mark } else { nil } }.first
    }
}
