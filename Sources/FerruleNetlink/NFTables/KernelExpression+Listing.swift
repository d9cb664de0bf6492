// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
internal import FerruleRuleset
internal import FerruleText

extension KernelExpression {
    /// The instruction as `nft --debug=netlink` shows it, `[ meta load l4proto => reg 1 ]`.
    package func listing(in family: IPFamily) -> String {
        "[ \(instruction(family)) ]"
    }

    private func instruction(_ family: IPFamily) -> String {
        switch self {
        case .payload(let header, let offset, let length, let register):
            "payload load \(length)b @ \(header == .network ? "network" : "transport") header + \(offset)"
                + " => reg \(register.number)"
        case .setDestination(let register):
            "payload write reg \(register.number) => \(family.addressBytes)b @ network header + "
                + "\(family.destinationOffset) csum_type \(family.headerChecksum.type)"
                + " csum_off \(family.headerChecksum.offset) csum_flags 0x1"
        case .loadMeta(let key, let register):
            "meta load \(key.listing) => reg \(register.number)"
        case .setMark(let register):
            "meta set mark with reg \(register.number)"
        case .loadConntrack(let key, let register):
            "ct load \(key.name(family)) => reg \(register.number)\(key.isOfDirection ? " , dir original" : "")"
        case .loadAddressType(let direction, let register):
            "fib \(direction == .source ? "saddr" : "daddr") type => reg \(register.number)"
        case .compare(let comparison, let register, let bytes):
            "cmp \(comparison == .equal ? "eq" : "neq") reg \(register.number) \(hexadecimalWords(bytes))"
        case .bitwise(let register, let mask, let xor):
            "bitwise reg \(register.number) = ( reg \(register.number) & \(hexadecimal(mask)) ) ^ \(hexadecimal(xor))"
        case .numgen(let modulus, let register):
            "numgen reg \(register.number) = random mod \(modulus)"
        case .updateElement(let map, let key, let data, let timeout):
            "dynset update reg_key \(key.number) set \(map) sreg_data \(data.number) timeout \(timeout)ms"
        case .lookup(let set, let key, let inverted):
            "lookup reg \(key.number) set \(set)\(inverted ? " 0x1" : "")"
        case .lookupData(let map, let key, let register):
            "lookup reg \(key.number) set \(map) dreg \(register.number)"
        case .lookupVerdict(let map, let key):
            "lookup reg \(key.number) set \(map) dreg \(Register.verdictNumber)"
        case .lookupAnonymousVerdict(_, let key):
            "lookup reg \(key.number) set \(AnonymousMap.name) dreg \(Register.verdictNumber)"
        case .immediate(let verdict):
            "immediate reg \(Register.verdictNumber) \(verdict.listing)"
        case .dnat(let address, let port):
            "nat dnat \(family.nftName) addr_min reg \(address.number) proto_min reg \(port.number)"
        case .masquerade:
            "masq flags 0x10"
        case .reject(let withTCPReset):
            withTCPReset ? "reject type 1 code 0" : "reject type 0 code \(family.portUnreachableCode)"
        }
    }
}

extension KernelExpression.MetaKey {
    fileprivate var listing: String {
        switch self {
        case .transportProtocol: "l4proto"
        case .mark: "mark"
        case .inputInterfaceName: "iifname"
        }
    }
}

extension KernelExpression.ConntrackKey {
    /// Whether the value is one of the connection's directions.
    var isOfDirection: Bool { self != .status }

    fileprivate func name(_ family: IPFamily) -> String {
        switch self {
        case .status: "status"
        case .originalDestinationAddress: family == .ipv4 ? "dst_ip" : "dst_ip6"
        case .originalDestinationPort: "proto_dst"
        }
    }
}

extension Verdict {
    /// The verdict as `nft --debug=netlink` shows it, `goto -> lb-2`.
    var listing: String {
        switch self {
        case .accept: "accept"
        case .drop: "drop"
        case .goto(let chain): "goto -> \(chain)"
        case .jump(let chain): "jump -> \(chain)"
        }
    }
}

/// The bytes as 32-bit words in host order, the last one filled up with zeros.
private func hexadecimalWords(_ bytes: [UInt8]) -> String {
    stride(from: 0, to: bytes.count, by: 4).map { start in
        let word = bytes[start..<min(start + 4, bytes.count)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return hexadecimal(word)
    }.joined(separator: " ")
}

private func hexadecimal(_ word: UInt32) -> String { "0x" + hexadecimal(word, digits: 8) }
