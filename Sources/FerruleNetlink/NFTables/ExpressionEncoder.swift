// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// Turns an instruction into libnftnl's form.
struct ExpressionEncoder {
    private let family: IPFamily

    init(_ family: IPFamily) { self.family = family }

    /// - Parameter set: for lookups, the set to look in.
    func handle(of expression: KernelExpression, _ set: SetReference) throws(NetlinkError) -> ExpressionHandle {
        switch expression {
        case .payload(let header, let offset, let length, let register):
            try make("payload") { payload throws(NetlinkError) in
                try payload.set(NFTNL_EXPR_PAYLOAD_BASE, header.rawValue)
                try payload.set(NFTNL_EXPR_PAYLOAD_OFFSET, offset)
                try payload.set(NFTNL_EXPR_PAYLOAD_LEN, length)
                try payload.set(NFTNL_EXPR_PAYLOAD_DREG, register.number)
            }
        case .setDestination(let register):
            try make("payload") { payload throws(NetlinkError) in
                try payload.set(NFTNL_EXPR_PAYLOAD_BASE, KernelExpression.Header.network.rawValue)
                try payload.set(NFTNL_EXPR_PAYLOAD_OFFSET, family.destinationOffset)
                try payload.set(NFTNL_EXPR_PAYLOAD_LEN, UInt32(family.addressBytes))
                try payload.set(NFTNL_EXPR_PAYLOAD_SREG, register.number)
                try payload.set(NFTNL_EXPR_PAYLOAD_CSUM_TYPE, family.headerChecksum.type)
                try payload.set(NFTNL_EXPR_PAYLOAD_CSUM_OFFSET, family.headerChecksum.offset)
                try payload.set(NFTNL_EXPR_PAYLOAD_FLAGS, UInt32(NFT_PAYLOAD_L4CSUM_PSEUDOHDR.rawValue))
            }
        case .loadMeta(let key, let register):
            try make("meta") { meta throws(NetlinkError) in
                try meta.set(NFTNL_EXPR_META_KEY, key.number)
                try meta.set(NFTNL_EXPR_META_DREG, register.number)
            }
        case .setMark(let register):
            try make("meta") { meta throws(NetlinkError) in
                try meta.set(NFTNL_EXPR_META_KEY, KernelExpression.MetaKey.mark.number)
                try meta.set(NFTNL_EXPR_META_SREG, register.number)
            }
        case .loadConntrack(let key, let register):
            try make("ct") { conntrack throws(NetlinkError) in
                try conntrack.set(NFTNL_EXPR_CT_KEY, key.number(family))
                try conntrack.set(NFTNL_EXPR_CT_DREG, register.number)
                if key.isOfDirection { try conntrack.set(NFTNL_EXPR_CT_DIR, UInt8(IP_CT_DIR_ORIGINAL.rawValue)) }
            }
        case .loadAddressType(let direction, let register):
            try make("fib") { fib throws(NetlinkError) in
                let flag = direction == .source ? NFTA_FIB_F_SADDR : NFTA_FIB_F_DADDR
                try fib.set(NFTNL_EXPR_FIB_FLAGS, UInt32(flag.rawValue))
                try fib.set(NFTNL_EXPR_FIB_RESULT, UInt32(NFT_FIB_RESULT_ADDRTYPE.rawValue))
                try fib.set(NFTNL_EXPR_FIB_DREG, register.number)
            }
        case .compare(let comparison, let register, let bytes):
            try make("cmp") { compare throws(NetlinkError) in
                try compare.set(NFTNL_EXPR_CMP_SREG, register.number)
                try compare.set(NFTNL_EXPR_CMP_OP, comparison.rawValue)
                try compare.set(NFTNL_EXPR_CMP_DATA, bytes: bytes)
            }
        case .bitwise(let register, let mask, let xor):
            try make("bitwise") { bitwise throws(NetlinkError) in
                try bitwise.set(NFTNL_EXPR_BITWISE_SREG, register.number)
                try bitwise.set(NFTNL_EXPR_BITWISE_DREG, register.number)
                try bitwise.set(NFTNL_EXPR_BITWISE_LEN, UInt32(4))
                try bitwise.set(NFTNL_EXPR_BITWISE_MASK, mask)
                try bitwise.set(NFTNL_EXPR_BITWISE_XOR, xor)
            }
        case .numgen(let modulus, let register):
            try make("numgen") { numgen throws(NetlinkError) in
                try numgen.set(NFTNL_EXPR_NG_DREG, register.number)
                try numgen.set(NFTNL_EXPR_NG_MODULUS, modulus)
                try numgen.set(NFTNL_EXPR_NG_TYPE, UInt32(NFT_NG_RANDOM.rawValue))
                try numgen.set(NFTNL_EXPR_NG_OFFSET, UInt32(0))
            }
        case .updateElement(_, let key, let data, let timeout):
            try make("dynset") { dynset throws(NetlinkError) in
                try dynset.set(NFTNL_EXPR_DYNSET_SREG_KEY, key.number)
                try dynset.set(NFTNL_EXPR_DYNSET_SREG_DATA, data.number)
                try dynset.set(NFTNL_EXPR_DYNSET_OP, UInt32(NFT_DYNSET_OP_UPDATE.rawValue))
                try dynset.set(NFTNL_EXPR_DYNSET_TIMEOUT, timeout)
                try dynset.set(NFTNL_EXPR_DYNSET_SET_NAME, set.name)
                try dynset.set(NFTNL_EXPR_DYNSET_SET_ID, set.id)
            }
        case .lookup, .lookupData, .lookupVerdict, .lookupAnonymousVerdict:
            try lookup(expression, set)
        case .immediate(let verdict):
            try make("immediate") { immediate throws(NetlinkError) in
                try immediate.set(NFTNL_EXPR_IMM_DREG, Register.verdictNumber)
                try immediate.set(NFTNL_EXPR_IMM_VERDICT, verdict.kernelNumber)
                if let chain = verdict.chain { try immediate.set(NFTNL_EXPR_IMM_CHAIN, chain.description) }
            }
        case .dnat(let address, let port):
            try make("nat") { nat throws(NetlinkError) in
                try nat.set(NFTNL_EXPR_NAT_TYPE, UInt32(NFT_NAT_DNAT.rawValue))
                try nat.set(NFTNL_EXPR_NAT_FAMILY, UInt32(family.netfilterNumber))
                try nat.set(NFTNL_EXPR_NAT_REG_ADDR_MIN, address.number)
                try nat.set(NFTNL_EXPR_NAT_REG_PROTO_MIN, port.number)
            }
        case .masquerade:
            try make("masq") { masquerade throws(NetlinkError) in
                try masquerade.set(NFTNL_EXPR_MASQ_FLAGS, UInt32(NF_NAT_RANGE_PROTO_RANDOM_FULLY))
            }
        case .reject(let withTCPReset):
            try make("reject") { reject throws(NetlinkError) in
                let type = withTCPReset ? NFT_REJECT_TCP_RST : NFT_REJECT_ICMP_UNREACH
                try reject.set(NFTNL_EXPR_REJECT_TYPE, UInt32(type.rawValue))
                try reject.set(NFTNL_EXPR_REJECT_CODE, withTCPReset ? UInt8(0) : family.portUnreachableCode)
            }
        }
    }

    private func lookup(_ expression: KernelExpression, _ set: SetReference) throws(NetlinkError) -> ExpressionHandle {
        try make("lookup") { lookup throws(NetlinkError) in
            switch expression {
            case .lookup(_, let key, let inverted):
                try lookup.set(NFTNL_EXPR_LOOKUP_SREG, key.number)
                if inverted { try lookup.set(NFTNL_EXPR_LOOKUP_FLAGS, UInt32(NFT_LOOKUP_F_INV.rawValue)) }
            case .lookupData(_, let key, let register):
                try lookup.set(NFTNL_EXPR_LOOKUP_SREG, key.number)
                try lookup.set(NFTNL_EXPR_LOOKUP_DREG, register.number)
            case .lookupVerdict(_, let key), .lookupAnonymousVerdict(_, let key):
                try lookup.set(NFTNL_EXPR_LOOKUP_SREG, key.number)
                try lookup.set(NFTNL_EXPR_LOOKUP_DREG, Register.verdictNumber)
            default: break
            }
            try lookup.set(NFTNL_EXPR_LOOKUP_SET, set.name)
            try lookup.set(NFTNL_EXPR_LOOKUP_SET_ID, set.id)
        }
    }

    private func make(
        _ name: String, _ fill: (borrowing ExpressionHandle) throws(NetlinkError) -> Void
    ) throws(NetlinkError) -> ExpressionHandle {
        let handle = try ExpressionHandle(name)
        try fill(handle)
        return handle
    }
}

extension KernelExpression.MetaKey {
    fileprivate var number: UInt32 {
        switch self {
        case .transportProtocol: UInt32(NFT_META_L4PROTO.rawValue)
        case .mark: UInt32(NFT_META_MARK.rawValue)
        case .inputInterfaceName: UInt32(NFT_META_IIFNAME.rawValue)
        }
    }
}

extension KernelExpression.ConntrackKey {
    /// `enum nft_ct_keys`
    func number(_ family: IPFamily) -> UInt32 {
        switch self {
        case .status: UInt32(NFT_CT_STATUS.rawValue)
        case .originalDestinationAddress:
            UInt32(family == .ipv4 ? NFT_CT_DST_IP.rawValue : NFT_CT_DST_IP6.rawValue)
        case .originalDestinationPort: UInt32(NFT_CT_PROTO_DST.rawValue)
        }
    }
}

extension IPFamily {
    /// The checksum of the network header, which IPv6 does not have, and where it stands.
    var headerChecksum: (type: UInt32, offset: UInt32) {
        switch self {
        case .ipv4: (UInt32(NFT_PAYLOAD_CSUM_INET.rawValue), 10)
        case .ipv6: (UInt32(NFT_PAYLOAD_CSUM_NONE.rawValue), 0)
        }
    }

    /// `ICMP_PORT_UNREACH` (RFC 792), `ICMPV6_PORT_UNREACH` (RFC 4443).
    var portUnreachableCode: UInt8 { self == .ipv4 ? 3 : 4 }
}
