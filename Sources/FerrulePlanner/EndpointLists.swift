// SPDX-License-Identifier: Apache-2.0

internal import FerruleRuleset

/// The endpoints of each key, gathered from the maps that they are spread over.
struct EndpointLists {
    /// The elements that lead to services; the place of one is its number below.
    let keys: [Element]
    private var lists: [[(map: Int, endpoint: Endpoint)]]
    private var numbers: [SetName: Int] = [:]

    init(_ sets: [SetDefinition], of keys: [Element]) {
        self.keys = keys
        lists = Array(repeating: [], count: keys.count)
        let places = Dictionary(keys.enumerated().map { ($1.key, $0) }) { first, _ in first }
        for set in sets where set.kind == .plain && set.isMap && set.valueType != .verdict {
            let map = numbers.count
            numbers[set.name] = map
            for element in set.elements {
                guard case .target(let address, let port) = element.value, let place = places[element.key] else { continue }
                lists[place].append((map, Endpoint(address, port)))
            }
        }
    }

    /// Maps as a table of yes and no, for a quick look.
    func indices(of maps: Set<SetName>) -> [Bool] {
        var table = Array(repeating: false, count: numbers.count)
        for map in maps { if let number = numbers[map] { table[number] = true } }
        return table
    }

    /// The endpoints of a key in some of the maps.
    func endpoints(_ index: Int, in maps: [Bool]) -> [Endpoint] {
        let list = lists[index]
        var found: [Endpoint] = []
        found.reserveCapacity(list.count)
        for (map, endpoint) in list where maps[map] { found.append(endpoint) }
        return found
    }
}
