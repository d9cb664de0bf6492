// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// What holds for all services of a table.
struct TableSettings {
    let serviceCIDRs: [Prefix]
    let podTraffic: [String]
    /// nil where every address of the node serves node ports.
    let nodePortAddresses: [IPAddress]?
    let masqueradesAll: Bool
    let mark: Mark?
    let hasNodePorts: Bool

    init(_ entrance: Entrance, _ sets: [SetName: SetDefinition]) {
        func elements(_ set: SetName?) -> [ElementKey] { (set.flatMap { sets[$0] }?.elements ?? []).map(\.key) }
        func prefixes(_ set: SetName?) -> [Prefix] {
            elements(set).compactMap(\.prefix).sorted()
        }
        serviceCIDRs = prefixes(entrance.serviceCIDRs)
        podTraffic =
            switch entrance.podMatch {
            case .lookup(_, let set, _): prefixes(set).map(\.description)
            case .inputInterface(let name, let isPrefix, _): ["interface \(name)\(isPrefix ? "*" : "")"]
            default: []
            }
        nodePortAddresses =
            switch (entrance.nodePorts, entrance.nodePortAddresses) {
            case (nil, _): []
            case (_, nil): nil
            case (_, let set): elements(set).compactMap(\.address).sorted()
            }
        masqueradesAll = entrance.masqueradesAll
        mark = entrance.mark
        hasNodePorts = !elements(entrance.nodePorts).isEmpty
    }
}
