// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// Turns libnftnl's form of an instruction back into ours: ``ExpressionEncoder`` reversed.
///
/// Each attribute that says what the instruction does is looked at: one that says something else makes it another program's.
struct ExpressionDecoder {
    let family: IPFamily
    /// The verdicts of the anonymous maps of the table, by name.
    let anonymousMaps: [String: [Verdict]]

    /// Whether it does nothing to any packet: the byte order of a value of one byte, which ``Lowering`` leaves out. Rules that
    /// nft 1.0.6 or an older Ferrule wrote have it.
    func isIdle(_ read: ReadExpression) -> Bool {
        read.name == "byteorder" && read.number(NFTNL_EXPR_BYTEORDER_LEN) == 1
            && read.register(NFTNL_EXPR_BYTEORDER_SREG) == read.register(NFTNL_EXPR_BYTEORDER_DREG)
    }

    /// nil for an instruction that Ferrule never writes.
    func expression(_ read: ReadExpression) -> KernelExpression? {
        switch read.name {
        case "payload": return payload(read)
        case "meta": return meta(read)
        case "ct": return conntrack(read)
        case "fib":
            guard read.number(NFTNL_EXPR_FIB_RESULT) == UInt32(NFT_FIB_RESULT_ADDRTYPE.rawValue) else { return nil }
            let register = read.register(NFTNL_EXPR_FIB_DREG)
            switch read.number(NFTNL_EXPR_FIB_FLAGS) {
            case UInt32(NFTA_FIB_F_SADDR.rawValue): return .loadAddressType(.source, to: register)
            case UInt32(NFTA_FIB_F_DADDR.rawValue): return .loadAddressType(.destination, to: register)
            default: return nil
            }
        case "cmp":
            guard let comparison = KernelExpression.Comparison(rawValue: read.number(NFTNL_EXPR_CMP_OP)) else {
                return nil
            }
            return .compare(comparison, read.register(NFTNL_EXPR_CMP_SREG), read.bytes(NFTNL_EXPR_CMP_DATA))
        case "bitwise":
            let mask = read.bytes(NFTNL_EXPR_BITWISE_MASK)
            let xor = read.bytes(NFTNL_EXPR_BITWISE_XOR)
            guard mask.count == 4, xor.count == 4 else { return nil }
            guard read.number(NFTNL_EXPR_BITWISE_SREG) == read.number(NFTNL_EXPR_BITWISE_DREG),
                // `NFT_BITWISE_BOOL`, which newer kernels call `NFT_BITWISE_MASK_XOR`.
                read.number(NFTNL_EXPR_BITWISE_OP) == 0
            else { return nil }
            return .bitwise(
                read.register(NFTNL_EXPR_BITWISE_DREG), mask: mask[...].word(at: 0), xor: xor[...].word(at: 0))
        case "numgen":
            guard read.number(NFTNL_EXPR_NG_TYPE) == UInt32(NFT_NG_RANDOM.rawValue),
                read.number(NFTNL_EXPR_NG_OFFSET) == 0
            else { return nil }
            return .numgen(
                modulus: read.number(NFTNL_EXPR_NG_MODULUS), to: read.register(NFTNL_EXPR_NG_DREG))
        case "dynset":
            guard read.number(NFTNL_EXPR_DYNSET_OP) == UInt32(NFT_DYNSET_OP_UPDATE.rawValue),
                read.number(NFTNL_EXPR_DYNSET_FLAGS) == 0, !read.has(NFTNL_EXPR_DYNSET_EXPR),
                !read.has(NFTNL_EXPR_DYNSET_EXPRESSIONS)
            else { return nil }
            return .updateElement(
                SetName(read.text(NFTNL_EXPR_DYNSET_SET_NAME)), key: read.register(NFTNL_EXPR_DYNSET_SREG_KEY),
                data: read.register(NFTNL_EXPR_DYNSET_SREG_DATA), timeout: read.wideNumber(NFTNL_EXPR_DYNSET_TIMEOUT))
        case "lookup": return lookup(read)
        case "immediate":
            guard read.number(NFTNL_EXPR_IMM_DREG) == Register.verdictNumber else { return nil }
            return Verdict(
                kernelNumber: read.number(NFTNL_EXPR_IMM_VERDICT), chain: read.text(NFTNL_EXPR_IMM_CHAIN)
            ).map(KernelExpression.immediate)
        case "nat": return nat(read)
        case "masq":
            let isFullyRandom = read.number(NFTNL_EXPR_MASQ_FLAGS) == UInt32(NF_NAT_RANGE_PROTO_RANDOM_FULLY)
            return isFullyRandom && !read.has(NFTNL_EXPR_MASQ_REG_PROTO_MIN) ? .masquerade : nil
        case "reject":
            switch read.number(NFTNL_EXPR_REJECT_TYPE) {
            case UInt32(NFT_REJECT_TCP_RST.rawValue): return .reject(withTCPReset: true)
            case UInt32(NFT_REJECT_ICMP_UNREACH.rawValue):
                let isPort = read.number(NFTNL_EXPR_REJECT_CODE) == UInt32(family.portUnreachableCode)
                return isPort ? .reject(withTCPReset: false) : nil
            default: return nil
            }
        default: return nil
        }
    }

    private func nat(_ read: ReadExpression) -> KernelExpression? {
        // What the kernel adds itself (`nft_nat_init`): that there is an address, and a port.
        let implied = UInt32(NF_NAT_RANGE_MAP_IPS | NF_NAT_RANGE_PROTO_SPECIFIED)
        guard read.number(NFTNL_EXPR_NAT_TYPE) == UInt32(NFT_NAT_DNAT.rawValue),
            read.number(NFTNL_EXPR_NAT_FAMILY) == UInt32(family.netfilterNumber),
            read.number(NFTNL_EXPR_NAT_FLAGS) & ~implied == 0,
            isRangeOfOne(read, from: NFTNL_EXPR_NAT_REG_ADDR_MIN, through: NFTNL_EXPR_NAT_REG_ADDR_MAX),
            isRangeOfOne(read, from: NFTNL_EXPR_NAT_REG_PROTO_MIN, through: NFTNL_EXPR_NAT_REG_PROTO_MAX)
        else { return nil }
        return .dnat(
            address: read.register(NFTNL_EXPR_NAT_REG_ADDR_MIN), port: read.register(NFTNL_EXPR_NAT_REG_PROTO_MIN))
    }

    /// Whether the end of a range is its start: the kernel lists it where none was given, too.
    private func isRangeOfOne(_ read: ReadExpression, from start: Int, through end: Int) -> Bool {
        read.has(start) && (!read.has(end) || read.number(end) == read.number(start))
    }

    private func payload(_ read: ReadExpression) -> KernelExpression? {
        guard let header = KernelExpression.Header(rawValue: read.number(NFTNL_EXPR_PAYLOAD_BASE)) else { return nil }
        let offset = read.number(NFTNL_EXPR_PAYLOAD_OFFSET)
        let length = read.number(NFTNL_EXPR_PAYLOAD_LEN)
        guard read.has(NFTNL_EXPR_PAYLOAD_SREG) else {
            return .payload(header, offset: offset, length: length, to: read.register(NFTNL_EXPR_PAYLOAD_DREG))
        }
        let checksum = family.headerChecksum
        guard header == .network, offset == family.destinationOffset, length == UInt32(family.addressBytes),
            read.number(NFTNL_EXPR_PAYLOAD_CSUM_TYPE) == checksum.type,
            read.number(NFTNL_EXPR_PAYLOAD_CSUM_OFFSET) == checksum.offset,
            read.number(NFTNL_EXPR_PAYLOAD_FLAGS) == UInt32(NFT_PAYLOAD_L4CSUM_PSEUDOHDR.rawValue)
        else { return nil }
        return .setDestination(from: read.register(NFTNL_EXPR_PAYLOAD_SREG))
    }

    private func meta(_ read: ReadExpression) -> KernelExpression? {
        if read.has(NFTNL_EXPR_META_SREG) {
            return read.number(NFTNL_EXPR_META_KEY) == UInt32(NFT_META_MARK.rawValue)
                ? .setMark(from: read.register(NFTNL_EXPR_META_SREG)) : nil
        }
        let register = read.register(NFTNL_EXPR_META_DREG)
        switch read.number(NFTNL_EXPR_META_KEY) {
        case UInt32(NFT_META_L4PROTO.rawValue): return .loadMeta(.transportProtocol, to: register)
        case UInt32(NFT_META_MARK.rawValue): return .loadMeta(.mark, to: register)
        case UInt32(NFT_META_IIFNAME.rawValue): return .loadMeta(.inputInterfaceName, to: register)
        default: return nil
        }
    }

    private func conntrack(_ read: ReadExpression) -> KernelExpression? {
        guard !read.has(NFTNL_EXPR_CT_SREG) else { return nil }
        let register = read.register(NFTNL_EXPR_CT_DREG)
        let key = KernelExpression.ConntrackKey.allCases.first {
            $0.number(family) == read.number(NFTNL_EXPR_CT_KEY)
                && (!$0.isOfDirection || read.number(NFTNL_EXPR_CT_DIR) == UInt32(IP_CT_DIR_ORIGINAL.rawValue))
        }
        return key.map { .loadConntrack($0, to: register) }
    }

    private func lookup(_ read: ReadExpression) -> KernelExpression? {
        let set = read.text(NFTNL_EXPR_LOOKUP_SET)
        let key = read.register(NFTNL_EXPR_LOOKUP_SREG)
        let isInverted = read.number(NFTNL_EXPR_LOOKUP_FLAGS) & UInt32(NFT_LOOKUP_F_INV.rawValue) != 0
        guard read.has(NFTNL_EXPR_LOOKUP_DREG) else { return .lookup(SetName(set), key: key, inverted: isInverted) }
        let register = read.number(NFTNL_EXPR_LOOKUP_DREG)
        if register != Register.verdictNumber {
            return .lookupData(SetName(set), key: key, to: read.register(NFTNL_EXPR_LOOKUP_DREG))
        }
        if let verdicts = anonymousMaps[set] { return .lookupAnonymousVerdict(verdicts, key: key) }
        return .lookupVerdict(SetName(set), key: key)
    }
}
