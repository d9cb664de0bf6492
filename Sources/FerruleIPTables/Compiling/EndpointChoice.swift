// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork
internal import FerruleResolution
internal import FerruleText

/// Gives each of several endpoints the same share of the packets.
///
/// Up to sixteen stand in one chain, each taking its share of what those before it have left. More are parted by a hash of
/// each into up to sixteen branches, which are taken as often as they have endpoints. So an endpoint more or less changes the
/// chains on the way to it and no others.
struct EndpointChoice {
    /// Names the list: part of the names of its branches.
    let key: String
    let label: String
    /// What translates to an endpoint: matches to put behind those of chance, and the target.
    let rule: (Endpoint) -> (before: [IPTablesMatch], after: [IPTablesMatch], target: IPTablesTarget)

    /// The rules that choose, and the chains that they lead to.
    func rules(_ endpoints: [Endpoint]) -> (rules: [IPTablesRule], branches: [IPTablesChain]) {
        let items = endpoints.map { (hash: Self.hash($0), endpoint: $0) }
        return rules(items.sorted { ($0.hash, $0.endpoint) < ($1.hash, $1.endpoint) }[...], level: 0)
    }

    private typealias Item = (hash: UInt64, endpoint: Endpoint)

    private func rules(_ items: ArraySlice<Item>, level: Int) -> (rules: [IPTablesRule], branches: [IPTablesChain]) {
        // Beyond the last level the hashes are the same.
        guard items.count > DispatchTree.fanOut, level < 16 else {
            let endpoints = items.map(\.endpoint).sorted()
            return (endpoints.enumerated().map { leaf($1, left: endpoints.count - $0) }, [])
        }
        let shift = UInt64(60 - 4 * level)
        var (found, branches): ([IPTablesRule], [IPTablesChain]) = ([], [])
        var rest = items
        while let first = rest.first {
            let group = rest.prefix { $0.hash >> shift == first.hash >> shift }
            guard group.count > 1 else {
                found.append(leaf(first.endpoint, left: rest.count))
                rest = rest.dropFirst()
                continue
            }
            let name = IPTablesChainName(.branch, "\(key) \(first.hash >> shift) \(level)")
            let (rules, further) = rules(group, level: level + 1)
            let words = "\(label), \(group.count) of the endpoints"
            branches.append(IPTablesChain(name, label: words, rules))
            branches += further
            found.append(IPTablesRule(chance(group.count, of: rest.count), .goto(name)))
            rest = rest.dropFirst(group.count)
        }
        return (found, branches)
    }

    private func leaf(_ endpoint: Endpoint, left: Int) -> IPTablesRule {
        let (before, after, target) = rule(endpoint)
        return IPTablesRule(before + chance(1, of: left) + after, target)
    }

    /// Nothing to match where it is certain.
    private func chance(_ part: Int, of whole: Int) -> [IPTablesMatch] {
        part == whole ? [] : [.random(Self.share(part, of: whole))]
    }

    /// The number of 2^31 next to a share, which is all the precision that the kernel has.
    static func share(_ part: Int, of whole: Int) -> UInt32 {
        UInt32((UInt64(part) << 32 / UInt64(whole) + 1) / 2)
    }

    /// Of which every bit depends on every byte, unlike those of FNV-1a.
    private static func hash(_ endpoint: Endpoint) -> UInt64 {
        let hash = fnv1a(endpoint.description)
        return (hash ^ hash >> 32) &* 0xbf58_476d_1ce4_e5b9
    }
}
