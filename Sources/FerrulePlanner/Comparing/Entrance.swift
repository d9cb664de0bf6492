// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// A virtual address and port, or a node port, that a table knows a way to.
struct Entrance {
    let name: ServicePortName
    let frontend: Frontend

    /// nil for what is no such place.
    fileprivate init?(_ element: Element, _ table: Table, clusterIPs: SetDefinition?) {
        let kind: Frontend.Kind
        if let address = element.key.service?.address {
            kind = clusterIPs?.element(for: .address(address)) == nil ? .externalAddress : .clusterIP
        } else if element.key.port != nil {
            kind = .nodePort
        } else {
            return nil
        }
        frontend = Frontend(kind: kind, family: table.family, key: element.key)
        name = ServicePortName(element.comment ?? frontend.description)
    }
}

extension Table {
    /// Those that rules ask for, virtual addresses first; whether packets get there the evaluator knows.
    func entrances(_ reached: Reachability, where isIncluded: (Element) -> Bool = { _ in true }) -> [Entrance] {
        let clusterIPs = set(.clusterIPs)
        return [SetPurpose.services, .nodePorts].flatMap { purpose in
            (set(purpose, reached)?.elements ?? []).lazy.filter(isIncluded).compactMap {
                Entrance($0, self, clusterIPs: clusterIPs)
            }
        }
    }
}
