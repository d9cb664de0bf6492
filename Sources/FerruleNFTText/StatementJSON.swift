// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork
import FerruleRuleset

extension Statement {
    /// The statement as an entry of a rule's `expr`.
    func json(_ family: IPFamily) -> JSONValue {
        switch self {
        case .lookup(let key, let set, let negated):
            match(keyJSON(key, family), negated ? "!=" : "==", .string("@\(set)"))
        case .verdictMap(let key, let map): mapping("vmap", keyJSON(key, family), .string("@\(map)"))
        case .numgen(let verdicts): numgenJSON(verdicts)
        case .transportProtocol(let transport): match(meta("l4proto"), "==", .string(transport.name))
        case .hasPort(let transport): match(payload(transport.name, "dport"), "!=", .number(0))
        case .inputInterface(let name, let isPrefix, let negated):
            match(meta("iifname"), negated ? "!=" : "==", .string(name + (isPrefix ? "*" : "")))
        case .isLocal(let direction, let negated):
            match(
                one("fib", .object([("result", .string("type")), ("flags", .array([.string(direction.nftName)]))])),
                negated ? "!=" : "==", .string("local"))
        case .isNotLoopback: match(payload(family.nftName, "daddr"), "!=", loopbackJSON(family))
        case .isDNAT: match(one("ct", .object([("key", .string("status"))])), "in", .string("dnat"))
        case .hasMark(let mark): match(changedMark("&", mark), "!=", .number(0))
        case .setMark(let mark): setting(meta("mark"), to: changedMark("|", mark))
        case .xorMark(let mark): setting(meta("mark"), to: changedMark("^", mark))
        case .setDestination(let key, let map):
            setting(
                payload(family.nftName, "daddr"), to: mapping("map", keyJSON(key, family), .string("@\(map)")))
        case .dnat(let key, let map):
            dnatJSON(family, mapping("map", keyJSON(key, family), .string("@\(map)")))
        case .update(let map, let key, let timeout, let data):
            one(
                "map",
                .object([
                    ("op", .string("update")),
                    ("elem", one("elem", .object([("val", keyJSON(key, family)), ("timeout", .number(timeout))]))),
                    ("data", keyJSON(data, family)), ("map", .string("@\(map)")),
                ]))
        case .masquerade: one("masquerade", .object([("flags", .string("fully-random"))]))
        case .reject(let withTCPReset):
            one("reject", withTCPReset ? .object([("type", .string("tcp reset"))]) : .null)
        case .verdict(let verdict): verdict.json
        }
    }
}

extension Verdict {
    /// `{"drop": null}`, `{"goto": {"target": "lb-3"}}`
    var json: JSONValue {
        one(keyword, chain.map { .object([("target", .string($0.description))]) } ?? .null)
    }
}

extension Prefix {
    /// `{"prefix": {"addr": "127.0.0.0", "len": 8}}`
    var json: JSONValue {
        one("prefix", .object([("addr", .string("\(address)")), ("len", .number(length))]))
    }
}

/// An object with one member, which is how nft's JSON names an expression.
private func one(_ name: String, _ value: JSONValue) -> JSONValue { .object([(name, value)]) }

private func match(_ left: JSONValue, _ operation: String, _ right: JSONValue) -> JSONValue {
    one("match", .object([("op", .string(operation)), ("left", left), ("right", right)]))
}

private func meta(_ key: String) -> JSONValue { one("meta", .object([("key", .string(key))])) }

private func payload(_ header: String, _ field: String) -> JSONValue {
    one("payload", .object([("protocol", .string(header)), ("field", .string(field))]))
}

/// `::1`, which is one address, or all of 127.0.0.0/8.
private func loopbackJSON(_ family: IPFamily) -> JSONValue {
    let loopback = Prefix(loopbackOf: family)
    return loopback.isOfOneAddress ? .string("\(loopback.address)") : loopback.json
}

/// What a connection's first packet held, before translation.
private func conntrack(_ key: String) -> JSONValue {
    one("ct", .object([("key", .string(key)), ("dir", .string("original"))]))
}

private func mapping(_ name: String, _ key: JSONValue, _ data: JSONValue) -> JSONValue {
    one(name, .object([("key", key), ("data", data)]))
}

private func numgenJSON(_ verdicts: [Verdict]) -> JSONValue {
    let random = one(
        "numgen", .object([("mode", .string("random")), ("mod", .number(verdicts.count)), ("offset", .number(0))]))
    let entries = verdicts.enumerated().map { JSONValue.array([.number($0.offset), $0.element.json]) }
    return mapping("vmap", random, one("set", .array(entries)))
}

private func dnatJSON(_ family: IPFamily, _ target: JSONValue) -> JSONValue {
    one("dnat", .object([("family", .string(family.nftName)), ("addr", target)]))
}

private func changedMark(_ operation: String, _ mark: Mark) -> JSONValue {
    one(operation, .array([meta("mark"), .number(Int(mark.value))]))
}

private func setting(_ target: JSONValue, to value: JSONValue) -> JSONValue {
    one("mangle", .object([("key", target), ("value", value)]))
}

/// A field, or the concatenation of several.
private func keyJSON(_ fields: [Field], _ family: IPFamily) -> JSONValue {
    let parts = fields.map { field in
        switch field {
        case .sourceAddress: payload(family.nftName, "saddr")
        case .destinationAddress: payload(family.nftName, "daddr")
        case .transportProtocol: meta("l4proto")
        case .destinationPort: payload("th", "dport")
        case .portOf(let transport): payload(transport.name, "dport")
        case .originalDestinationAddress: conntrack(family.nftName + " daddr")
        case .originalDestinationPort: conntrack("proto-dst")
        }
    }
    return parts.count == 1 ? parts[0] : one("concat", .array(parts))
}
