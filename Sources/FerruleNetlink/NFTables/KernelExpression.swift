// SPDX-License-Identifier: Apache-2.0

package import FerruleRuleset

/// A register of the nf_tables virtual machine, by the number of its 32-bit word of data: 0...15.
package struct Register: Sendable, Hashable {
    /// The word; a value of several words occupies those that follow.
    package let word: UInt32

    package init(word: UInt32) { self.word = word }

    /// The register of a number in messages.
    init(number: UInt32) { word = number < 8 ? (max(number, 1) - 1) * 4 : number - 8 }

    /// Where verdicts go (`NFT_REG_VERDICT`).
    static let verdictNumber: UInt32 = 0

    /// The number in messages: each fourth word is one of the four 128-bit registers (`NFT_REG_1`...`NFT_REG_4`), the
    /// others count from `NFT_REG32_00`.
    package var number: UInt32 { word % 4 == 0 ? 1 + word / 4 : 8 + word }
}

/// One instruction of a rule, as the kernel's nf_tables expressions take it.
package enum KernelExpression: Sendable, Hashable {
    package enum Header: UInt32, Sendable {
        /// `NFT_PAYLOAD_NETWORK_HEADER`
        case network = 1
        /// `NFT_PAYLOAD_TRANSPORT_HEADER`
        case transport = 2
    }

    package enum Comparison: UInt32, Sendable {
        /// `NFT_CMP_EQ`
        case equal = 0
        /// `NFT_CMP_NEQ`
        case notEqual = 1
    }

    package enum MetaKey: Sendable {
        /// `NFT_META_L4PROTO`, one byte
        case transportProtocol
        /// `NFT_META_MARK`, 32 bits in host order
        case mark
        /// `NFT_META_IIFNAME`, 16 bytes, filled up with zeros
        case inputInterfaceName
    }

    /// What is known of a connection.
    package enum ConntrackKey: Sendable, CaseIterable {
        /// The status bits (`NFT_CT_STATUS`), 32 bits in host order.
        case status
        /// Where the connection went before translation (`NFT_CT_DST_IP` or `NFT_CT_DST_IP6`, direction original).
        case originalDestinationAddress
        /// (`NFT_CT_PROTO_DST`, direction original)
        case originalDestinationPort
    }

    case payload(Header, offset: UInt32, length: UInt32, to: Register)
    case loadMeta(MetaKey, to: Register)
    /// Writes the destination address into the network header, and corrects checksums.
    case setDestination(from: Register)
    case setMark(from: Register)
    case loadConntrack(ConntrackKey, to: Register)
    /// The routing type of the packet's source or destination (`NFT_FIB_RESULT_ADDRTYPE`), 32 bits in host order.
    case loadAddressType(Statement.Direction, to: Register)
    case compare(Comparison, Register, [UInt8])
    /// register = (register & mask) ^ xor, on 32 bits
    case bitwise(Register, mask: UInt32, xor: UInt32)
    /// A random number below the modulus, in host order.
    case numgen(modulus: UInt32, to: Register)
    /// Writes an element that goes away after the timeout, in milliseconds.
    case updateElement(SetName, key: Register, data: Register, timeout: UInt64)
    /// Is the key in the set?
    case lookup(SetName, key: Register, inverted: Bool)
    /// The key's data in a map.
    case lookupData(SetName, key: Register, to: Register)
    /// The key's verdict in a map.
    case lookupVerdict(SetName, key: Register)
    /// The same in the anonymous map that is made of these verdicts, found by their position.
    case lookupAnonymousVerdict([Verdict], key: Register)
    case immediate(Verdict)
    case dnat(address: Register, port: Register)
    /// `NF_NAT_RANGE_PROTO_RANDOM_FULLY`
    case masquerade
    /// `NFT_REJECT_TCP_RST`, else `NFT_REJECT_ICMP_UNREACH` with the code for "port unreachable".
    case reject(withTCPReset: Bool)
}
