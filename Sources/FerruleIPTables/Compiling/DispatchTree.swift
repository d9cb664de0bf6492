// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

/// Leads packets by a number in them, an address or a port, to the rules of an entry, through chains of at most some
/// sixteen rules each.
///
/// A branch stands for so many leading bits, a multiple of four, whatever the entries below it are. So one entry more or less
/// changes one chain, and no other but where a branch begins or ends.
struct DispatchTree {
    /// What is found: all numbers that begin with some bits. No entry of a tree lies within another.
    struct Entry {
        /// The bits stand on the left of the number.
        let bits: UInt128
        let length: Int
        /// Match the number themselves, and end the way of a packet through the tree or let it pass on.
        let rules: [IPTablesRule]
    }

    /// A chain of more rules than this is cut into branches.
    static let fanOut = 16
    private static let step = 4

    /// What the tree is for: part of the names of its chains.
    let key: String
    /// The words that labels begin with, as `addresses`.
    let label: String
    /// Matches what begins with some bits; says them in a label.
    let match: (_ bits: UInt128, _ length: Int) -> (matches: [IPTablesMatch], words: String)
    /// What becomes of a packet that no entry holds.
    var otherwise: [IPTablesRule] = []

    /// The tree in a chain of some name, which comes first.
    func chains(_ name: IPTablesChainName, _ entries: [Entry]) -> [IPTablesChain] {
        chains(name, label, entries[...])
    }

    private func chains(
        _ name: IPTablesChainName, _ label: String, _ entries: ArraySlice<Entry>
    ) -> [IPTablesChain] {
        let ruleCount = entries.reduce(0) { $0 + $1.rules.count }
        guard ruleCount > Self.fanOut, let first = entries.first, let last = entries.last, entries.count > 1 else {
            return [IPTablesChain(name, label: label, entries.flatMap(\.rules) + otherwise)]
        }
        let common = (first.bits ^ last.bits).leadingZeroBitCount
        let boundary = (common / Self.step + 1) * Self.step
        var rules: [IPTablesRule] = []
        var branches: [IPTablesChain] = []
        var start = entries.startIndex
        while start < entries.endIndex {
            let end = groupEnd(entries, from: start, boundary)
            let group = entries[start..<end]
            start = end
            // A rule of its own is as good as a way to it.
            if group.count == 1,
                entries[group.startIndex].rules.count <= 1 || entries[group.startIndex].length < boundary
            {
                rules += group.flatMap(\.rules)
                continue
            }
            let bits = entries[group.startIndex].bits & ~(UInt128.max >> UInt128(boundary))
            let (matches, words) = match(bits, boundary)
            let branch = IPTablesChainName(.branch, "\(key) \(words)")
            rules.append(IPTablesRule(matches, .goto(branch)))
            branches += chains(branch, "\(self.label) \(words)", group)
        }
        return [IPTablesChain(name, label: label, rules + otherwise)] + branches
    }

    /// Behind the last of the entries that begin with the same bits as the first.
    private func groupEnd(_ entries: ArraySlice<Entry>, from start: Int, _ boundary: Int) -> Int {
        guard entries[start].length >= boundary else { return start + 1 }
        let shift = UInt128(128 - boundary)
        let bits = entries[start].bits >> shift
        var end = start + 1
        while end < entries.endIndex, entries[end].length >= boundary, entries[end].bits >> shift == bits { end += 1 }
        return end
    }
}

extension DispatchTree {
    /// By source or destination address.
    static func addresses(
        _ key: String, label: String, _ family: IPFamily, isSource: Bool, otherwise: [IPTablesRule] = []
    ) -> DispatchTree {
        let unused = UInt128(128 - family.addressBits)
        return DispatchTree(
            key: key, label: label,
            match: { bits, length in
                guard let prefix = Prefix(IPAddress(family, bits: bits >> unused), length: length) else {
                    return ([], "")
                }
                return ([isSource ? .source(prefix) : .destination(prefix)], prefix.description)
            }, otherwise: otherwise)
    }

    /// By destination port.
    static func ports(_ key: String, label: String, _ transport: TransportProtocol) -> DispatchTree {
        DispatchTree(
            key: key, label: label,
            match: { bits, length in
                let first = UInt16(truncatingIfNeeded: bits >> 112)
                let range = first...(first | UInt16(truncatingIfNeeded: 0xffff >> length))
                return (
                    [.transport(transport), .destinationPorts(transport, range)],
                    "\(transport.name) \(range.lowerBound)-\(range.upperBound)"
                )
            })
    }
}

extension DispatchTree.Entry {
    init(_ prefix: Prefix, _ rules: [IPTablesRule]) {
        let unused = UInt128(128 - prefix.family.addressBits)
        self.init(bits: prefix.address.bits << unused, length: prefix.length, rules: rules)
    }

    init(_ port: Port, _ rules: [IPTablesRule]) {
        self.init(bits: UInt128(port.number) << 112, length: 16, rules: rules)
    }
}
