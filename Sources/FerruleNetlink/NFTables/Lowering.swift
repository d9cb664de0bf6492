// SPDX-License-Identifier: Apache-2.0

package import FerruleNetwork
package import FerruleRuleset

/// Turns rules into the instructions that `nft` itself generates for the same text, so that every nft lists them as
/// text.
///
/// One is left out: nft 1.0.6 puts a protocol into network order (`byteorder`, size 2, length 1) ahead of a lookup in ranges
/// over several fields, nft 1.1.3 does not. It does nothing to one byte, and kernels since "nft_byteorder: remove
/// multi-register support" refuse it with EOPNOTSUPP.
package struct Lowering: Sendable {
    package let family: IPFamily

    package init(_ family: IPFamily) { self.family = family }

    package func expressions(of rule: Rule) -> [KernelExpression] {
        rule.statements.flatMap(expressions(of:))
    }

    private func expressions(of statement: Statement) -> [KernelExpression] {
        let first = Register(word: 0)
        switch statement {
        case .lookup(let key, let set, let negated):
            return load(key) + [.lookup(set, key: first, inverted: negated)]
        case .verdictMap(let key, let map):
            return load(key) + [.lookupVerdict(map, key: first)]
        case .numgen(let verdicts):
            return [
                .numgen(modulus: UInt32(verdicts.count), to: first), .lookupAnonymousVerdict(verdicts, key: first),
            ]
        case .transportProtocol(let wanted):
            return [.loadMeta(.transportProtocol, to: first), .compare(.equal, first, [wanted.rawValue])]
        case .hasPort(let wanted):
            return expressions(of: .transportProtocol(wanted)) + [
                load(.destinationPort, to: first), .compare(.notEqual, first, [0, 0]),
            ]
        case .inputInterface(let name, let isPrefix, let negated):
            let bytes = Array(name.utf8.prefix(16))
            let filling = isPrefix ? [] : [UInt8](repeating: 0, count: 16 - bytes.count)
            return [
                .loadMeta(.inputInterfaceName, to: first),
                .compare(negated ? .notEqual : .equal, first, bytes + filling),
            ]
        case .isLocal(let direction, let negated):
            return [
                .loadAddressType(direction, to: first),
                .compare(negated ? .notEqual : .equal, first, bytes(AddressType.local)),
            ]
        case .isNotLoopback:
            return isNotLoopback(first)
        case .isDNAT:
            return [.loadConntrack(.status, to: first)] + anyBit(of: ConntrackStatus.destinationNAT, in: first)
        case .hasMark(let mark):
            return [.loadMeta(.mark, to: first)] + anyBit(of: mark.value, in: first)
        case .setMark(let mark):
            return [
                .loadMeta(.mark, to: first), .bitwise(first, mask: ~mark.value, xor: mark.value), .setMark(from: first),
            ]
        case .xorMark(let mark):
            return [.loadMeta(.mark, to: first), .bitwise(first, mask: .max, xor: mark.value), .setMark(from: first)]
        case .setDestination(let key, let map):
            return load(key) + [.lookupData(map, key: first, to: first), .setDestination(from: first)]
        case .dnat(let key, let map):
            let port = Register(word: words(.destinationAddress))
            return load(key) + [.lookupData(map, key: first, to: first), .dnat(address: first, port: port)]
        case .update(let map, let key, let timeout, let data):
            // Data starts at the next 128-bit register behind the key.
            let start = (key.reduce(0) { $0 + words($1) } + 3) / 4 * 4
            return load(key) + load(data, from: start) + [
                .updateElement(map, key: first, data: Register(word: start), timeout: UInt64(timeout) * 1000)
            ]
        case .masquerade:
            return [.masquerade]
        case .reject(let withTCPReset):
            return [.reject(withTCPReset: withTCPReset)]
        case .verdict(let verdict):
            return [.immediate(verdict)]
        }
    }

    /// Loads the parts of a key side by side, each padded to whole words.
    private func load(_ key: [Field], from start: UInt32 = 0) -> [KernelExpression] {
        var word = start
        return key.map { field in
            defer { word += words(field) }
            return load(field, to: Register(word: word))
        }
    }

    private func load(_ field: Field, to register: Register) -> KernelExpression {
        switch field {
        case .sourceAddress:
            .payload(.network, offset: family.sourceOffset, length: UInt32(family.addressBytes), to: register)
        case .destinationAddress:
            .payload(
                .network, offset: family.destinationOffset, length: UInt32(family.addressBytes), to: register)
        case .transportProtocol:
            .loadMeta(.transportProtocol, to: register)
        case .destinationPort, .portOf:
            .payload(.transport, offset: 2, length: 2, to: register)
        case .originalDestinationAddress:
            .loadConntrack(.originalDestinationAddress, to: register)
        case .originalDestinationPort:
            .loadConntrack(.originalDestinationPort, to: register)
        }
    }

    /// How many 32-bit words a field takes in a key.
    private func words(_ field: Field) -> UInt32 {
        switch field {
        case .sourceAddress, .destinationAddress, .originalDestinationAddress: UInt32(family.addressBytes / 4)
        case .transportProtocol, .destinationPort, .portOf, .originalDestinationPort: 1
        }
    }

    /// nft compares a prefix of whole bytes by loading just these.
    private func isNotLoopback(_ register: Register) -> [KernelExpression] {
        switch family {
        case .ipv4:
            [
                .payload(.network, offset: family.destinationOffset, length: 1, to: register),
                .compare(.notEqual, register, [127]),
            ]
        case .ipv6:
            [
                load(.destinationAddress, to: register),
                .compare(.notEqual, register, [UInt8](repeating: 0, count: 15) + [1]),
            ]
        }
    }

    private func anyBit(of mask: UInt32, in register: Register) -> [KernelExpression] {
        [.bitwise(register, mask: mask, xor: 0), .compare(.notEqual, register, bytes(0))]
    }
}

/// A number in host order, as the kernel compares it.
func bytes(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: UInt32(littleEndian: number) >> (8 * $0)) }
}
