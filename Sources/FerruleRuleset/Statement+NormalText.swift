// SPDX-License-Identifier: Apache-2.0

internal import FerruleNetwork

extension Statement {
    /// The statement in words that never change, for digests; not what nft writes.
    var normalText: String {
        switch self {
        case .lookup(let key, let set, let negated):
            // Three fields are a service and the range of its sender; with another word digests would be others.
            "\(key.count > 2 ? "ranges" : "lookup") \(text(key)) \(sign(negated))\(set)"
        case .verdictMap(let key, let map): "vmap \(text(key)) \(map)"
        case .numgen(let verdicts): "numgen \(verdicts.map(\.description).joined(separator: ","))"
        case .transportProtocol(let transport): "protocol \(transport.rawValue)"
        case .hasPort(let transport): "port \(transport.rawValue)"
        case .inputInterface(let name, let isPrefix, let negated):
            "iifname \(sign(negated))\(name)\(isPrefix ? "*" : "")"
        case .isLocal(let direction, let negated): "local \(sign(negated))\(direction == .source ? "saddr" : "daddr")"
        case .isNotLoopback: "not-loopback"
        case .isDNAT: "status-dnat"
        case .hasMark(let mark): "mark \(mark.value)"
        case .setMark(let mark): "set-mark \(mark.value)"
        case .xorMark(let mark): "xor-mark \(mark.value)"
        case .setDestination(let key, let map): "set-daddr \(text(key)) \(map)"
        case .dnat(let key, let map): "dnat \(text(key)) \(map)"
        case .update(let map, let key, let timeout, let data): "update \(map) \(text(key)) \(timeout) \(text(data))"
        case .masquerade: "masquerade"
        case .reject(let withTCPReset): withTCPReset ? "reset" : "reject"
        case .verdict(let verdict): verdict.description
        }
    }

    private func sign(_ negated: Bool) -> String { negated ? "!" : "" }

    private func text(_ key: [Field]) -> String {
        key.map { field in
            switch field {
            case .sourceAddress: "saddr"
            case .destinationAddress: "daddr"
            case .transportProtocol: "l4proto"
            case .destinationPort: "dport"
            case .portOf(let transport): "dport-\(transport.rawValue)"
            case .originalDestinationAddress: "original-daddr"
            case .originalDestinationPort: "original-dport"
            }
        }.joined(separator: ".")
    }
}
