// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleRuleset

/// The services that something differs for between two tables of the same rules: the others need no look. One endpoint in a
/// cluster of 100,000 is found by comparing elements, which is far quicker than following every service.
struct ServiceSelection {
    private var keys: Set<ElementKey> = []
    private var addresses: Set<IPAddress> = []
    /// As `namespace/service`: what becomes of a service is told from all of its ports.
    private var services: Set<Substring> = []
    private let owners: [PartOwners]

    /// Those of both families, for what becomes of a service is told from both: each has all services that something differs
    /// for in any. nil where rules differ, in whichever family.
    static func all(of families: [PlacedTables]) -> [ServiceSelection]? {
        var selections: [ServiceSelection] = []
        for tables in families {
            let placed = (tables.placedActual + tables.placedWanted).map(\.table)
            guard let own = ServiceSelection(from: tables.actual, to: tables.wanted, and: placed) else { return nil }
            selections.append(own)
        }
        let services = selections.reduce(into: Set<Substring>()) { $0.formUnion($1.services) }
        for index in selections.indices { selections[index].services = services }
        return selections
    }

    /// nil where rules differ, which may concern every service.
    ///
    /// - Parameter placed: services that may differ at some places though nothing differs between these tables.
    private init?(from actual: Table, to wanted: Table, and placed: [Table]) {
        guard ServiceSelection.rulesAgree(actual, wanted) else { return nil }
        owners = [PartOwners(of: actual), PartOwners(of: wanted)]
        let others = Dictionary(actual.sets.map { ($0.name, $0) }) { first, _ in first }
        let wantedNames = Set(wanted.sets.map(\.name))
        for set in wanted.sets where !set.isDynamic { select(others[set.name]?.elements ?? [], set) }
        for set in actual.sets where !set.isDynamic && !wantedNames.contains(set.name) {
            for element in set.elements { select(element.key) }
        }
        for set in placed.flatMap(\.sets) where set.valueType == .verdict {
            services.formUnion(set.elements.lazy.compactMap(\.comment?.service))
        }
        guard !keys.isEmpty || !addresses.isEmpty else { return }
        // With one frontend of a service all of them are compared.
        for set in actual.sets + wanted.sets where set.valueType == .verdict {
            for element in set.elements where isSelected(element.key) {
                if let service = element.comment?.service { services.insert(service) }
            }
        }
    }

    func includes(_ element: Element) -> Bool {
        guard !keys.isEmpty || !addresses.isEmpty || !services.isEmpty else { return false }
        return element.comment.map { services.contains($0.service) } == true || isSelected(element.key)
    }

    /// Whether chains that both have are alike, and those that packets enter are the same ones.
    private static func rulesAgree(_ actual: Table, _ wanted: Table) -> Bool {
        let chains = Dictionary(actual.chains.map { ($0.name, $0) }) { first, _ in first }
        let entered = { (table: Table) in Set(table.chains.lazy.filter { $0.base != nil }.map(\.name)) }
        return entered(actual) == entered(wanted)
            && wanted.chains.allSatisfy { chain in chains[chain.name].map { $0 == chain } ?? true }
    }

    private mutating func select(_ actual: [Element], _ wanted: SetDefinition) {
        guard actual != wanted.elements else { return }
        var difference = ElementDifference(from: actual, to: wanted)
        difference.find()
        for element in difference.removed?.elements ?? [] { select(element.key) }
        for element in difference.added?.elements ?? [] { select(element.key) }
    }

    private mutating func select(_ key: ElementKey) {
        let services = owners.compactMap { $0.owner(of: key)?.key }
        for service in services.isEmpty ? [key] : services { select(service: service) }
    }

    private mutating func select(service key: ElementKey) {
        if let (_, transport, port) = key.service {
            keys.insert(key)
            // A node port is remembered under the node's addresses.
            keys.insert(.port(transport, port))
        } else if key.port != nil {
            keys.insert(key)
        } else if let (service, _) = key.serviceSource {
            keys.insert(service)
        } else if let address = key.address {
            addresses.insert(address)
        }
    }

    private func isSelected(_ key: ElementKey) -> Bool {
        if keys.contains(key) { return true }
        guard !addresses.isEmpty, let address = key.service?.address else { return false }
        return addresses.contains(address)
    }
}

extension String {
    /// What stands before the port in a comment, `namespace/service:port`.
    fileprivate var service: Substring { prefix { $0 != ":" } }
}
