// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
package import FerruleRuleset

/// Renders rulesets in the JSON of libnftables-json(5).
///
/// The maps of endpoints lead to an address and a port. nft 1.1.3 reads that from JSON, 1.0.6 crashes; it cannot reload
/// its own JSON listing of such a map either. ``RulesetRenderer`` has no such limit.
package struct JSONRenderer: Sendable {
    package init() {}

    /// What ``RulesetRenderer/render(_:)`` gives as text, as commands for `nft -j -f`: one transaction that replaces
    /// the tables of the ruleset and touches no other. A line holds one command or one element; it ends in a newline.
    ///
    /// Chains come first, because nft keeps the order of JSON commands and the kernel wants to know a chain before
    /// anything leads to it.
    package func render(_ ruleset: Ruleset) -> [UInt8] {
        var text = TextBuffer()
        text.reserve(4096 + 160 * ruleset.elementCount)
        text.write("{\"nftables\": [\n")
        text.write(.object([("metainfo", .object([("json_schema_version", .number(1))]))]))
        for table in ruleset.tables {
            let name = JSONValue.object(table.name.members(nameKey: "name"))
            text.writeCommand("add", "table", name)
            text.writeCommand("delete", "table", name)
            guard !table.isAbsent else { continue }
            text.writeCommand("add", "table", name)
            for chain in table.chains { text.writeCommand("add", "chain", .object(chain.members(in: table.name))) }
            for set in table.sets { text.writeAdd(set, to: table.name) }
            for chain in table.chains {
                for rule in chain.rules { text.writeCommand("add", "rule", rule.json(in: chain.name, of: table.name)) }
            }
        }
        text.write("\n]}\n")
        return text.bytes
    }
}

extension TextBuffer {
    fileprivate mutating func writeCommand(_ verb: String, _ kind: String, _ value: JSONValue) {
        write(",\n")
        write(.object([(verb, .object([(kind, value)]))]))
    }

    fileprivate mutating func writeAdd(_ set: SetDefinition, to table: TableName) {
        let kind = set.isMap ? "map" : "set"
        guard !set.elements.isEmpty else { return writeCommand("add", kind, .object(set.members(in: table))) }
        write(",\n{\"add\": {\"\(kind)\": ")
        write(.object(set.members(in: table)), openEnded: true)
        write(", \"elem\": [")
        var separator = "\n  "
        for element in set.elements {
            write(separator)
            writeJSON(element)
            separator = ",\n  "
        }
        write("\n]}}}")
    }
}

extension TableName {
    /// The members that name the table, itself or as the place of something else.
    fileprivate func members(nameKey: String) -> [JSONValue.Member] {
        [("family", .string(family.nftName)), (nameKey, .string(name))]
    }
}

extension Chain {
    fileprivate func members(in table: TableName) -> [JSONValue.Member] {
        var members = table.members(nameKey: "table") + [("name", .string(name.description))]
        if let base {
            members += [
                ("type", .string(base.kind.rawValue)), ("hook", .string(base.hook.name)),
                ("prio", .number(Int(base.priority))), ("policy", .string(base.policy.name)),
            ]
        }
        return members
    }
}

extension Rule {
    fileprivate func json(in chain: ChainName, of table: TableName) -> JSONValue {
        let expressions = statements.map { $0.json(table.family) }
        return .object(
            table.members(nameKey: "table") + [("chain", .string(chain.description)), ("expr", .array(expressions))])
    }
}

extension SetDefinition {
    /// All but the elements.
    fileprivate func members(in table: TableName) -> [JSONValue.Member] {
        var members = table.members(nameKey: "table") + [("name", .string(name.description))]
        members.append(("type", typeJSON(keyType, table.family)))
        switch valueType {
        case .verdict: members.append(("map", .string("verdict")))
        case .data(let types): members.append(("map", typeJSON(types, table.family)))
        case nil: break
        }
        if let size { members.append(("size", .number(size))) }
        switch kind {
        case .plain: break
        case .interval: members.append(("flags", .array([.string("interval")])))
        case .dynamic: members.append(("flags", .array([.string("dynamic"), .string("timeout")])))
        }
        return members
    }
}

/// A name, or for a concatenation the list of names.
private func typeJSON(_ types: [SetDefinition.DataType], _ family: IPFamily) -> JSONValue {
    let names = types.map { JSONValue.string($0.name(in: family)) }
    return names.count == 1 ? names[0] : .array(names)
}
