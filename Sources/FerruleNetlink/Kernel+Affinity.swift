// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
package import FerruleRuleset

extension Kernel {
    /// The same ruleset with what packets have written into its maps (session affinity), as far as it is still right, so that
    /// replacing the tables forgets no client. What is written between this and the replacement is lost.
    package func keepingMemory(in ruleset: Ruleset) throws(NetlinkError) -> Ruleset {
        let hasMemory = ruleset.tables.contains { $0.sets.contains { $0.isMemory } }
        guard hasMemory else { return ruleset }
        return try rereading { () throws(NetlinkError) in try readMemory(for: ruleset) }
    }

    private func readMemory(for ruleset: Ruleset) throws(NetlinkError) -> Ruleset {
        let socket = try NetlinkSocket()
        var ruleset = ruleset
        for table in ruleset.tables.indices {
            let name = ruleset.tables[table].name
            let known = Set(try setNames(of: name, socket))
            for set in ruleset.tables[table].sets.indices {
                let definition = ruleset.tables[table].sets[set]
                guard case .dynamic(let memory) = definition.kind, known.contains(definition.name.description) else {
                    continue
                }
                let messages = try dump(NFT_MSG_GETSETELEM, name, set: definition.name.description, socket)
                ruleset.tables[table].sets[set].elements = messages.flatMap {
                    RememberedElements.read($0, memory, name.family)
                }.sorted { $0.key < $1.key }
            }
        }
        return ruleset
    }
}

extension SetDefinition {
    fileprivate var isMemory: Bool { if case .dynamic = kind { true } else { false } }
}

/// Reads the elements of an affinity map: client, endpoint and time.
enum RememberedElements {
    /// Those whose endpoint is still one of the service's; they stay no longer than the map's timeout of today.
    static func read(
        _ message: NetlinkMessage, _ memory: SetDefinition.Memory, _ family: IPFamily
    ) -> [Element] {
        ElementList.elements(of: message).compactMap { element in
            let parts = element.nested(in: message)
            guard let key = value(NFTA_SET_ELEM_KEY, parts, message),
                let client = IPAddress(family, networkBytes: key),
                let data = value(NFTA_SET_ELEM_DATA, parts, message),
                let endpoint = IPAddress(family, networkBytes: data),
                data.count >= family.addressBytes + 2
            else { return nil }
            let portOffset = data.startIndex + family.addressBytes
            guard let port = Port(Int(data[portOffset]) << 8 | Int(data[portOffset + 1])),
                memory.values.contains(.target(endpoint, port))
            else { return nil }
            let remaining = time(NFTA_SET_ELEM_EXPIRATION, parts, message) ?? 0
            let timeout = UInt64(memory.timeout) * 1000
            guard remaining > 0 else { return nil }
            let lifetime = Lifetime(
                timeout: UInt32(clamping: timeout), remaining: UInt32(clamping: min(remaining, timeout)))
            return Element(.address(client), .remembered(endpoint, port, lifetime))
        }
    }

    /// The bytes within `NFTA_SET_ELEM_KEY` and the like, which nest `NFTA_DATA_VALUE`.
    private static func value(
        _ type: nft_set_elem_attributes, _ parts: [NetlinkAttribute], _ message: NetlinkMessage
    ) -> ArraySlice<UInt8>? {
        guard let part = parts.first(where: { $0.type == Int(type.rawValue) }) else { return nil }
        return part.nested(in: message).first { $0.type == Int(NFTA_DATA_VALUE.rawValue) }?.value(in: message.bytes)
    }

    /// A time in milliseconds, 64 bits in network order.
    private static func time(
        _ type: nft_set_elem_attributes, _ parts: [NetlinkAttribute], _ message: NetlinkMessage
    ) -> UInt64? {
        parts.first { $0.type == Int(type.rawValue) }?.value(in: message.bytes).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
