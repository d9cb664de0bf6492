// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

extension IPFamily {
    /// `NFPROTO_IPV4`, `NFPROTO_IPV6`
    var netfilterNumber: UInt16 { UInt16(self == .ipv4 ? NFPROTO_IPV4 : NFPROTO_IPV6) }

    /// Where the source address stands in the network header.
    var sourceOffset: UInt32 { self == .ipv4 ? 12 : 8 }

    /// Where the destination address does.
    var destinationOffset: UInt32 { self == .ipv4 ? 16 : 24 }
}

/// Routing types of addresses (`linux/rtnetlink.h`).
enum AddressType {
    static let local = UInt32(RTN_LOCAL)
}

/// Bits of a connection's status (`linux/netfilter/nf_conntrack_common.h`).
enum ConntrackStatus {
    static let seenReply = UInt32(IPS_SEEN_REPLY.rawValue)
    static let destinationNAT = UInt32(IPS_DST_NAT.rawValue)
}

extension Verdict {
    /// `NF_ACCEPT`, `NF_DROP`, or the negative `NFT_GOTO` and `NFT_JUMP` as 32 bits.
    var kernelNumber: UInt32 {
        switch self {
        case .accept: UInt32(NF_ACCEPT)
        case .drop: UInt32(NF_DROP)
        case .goto: UInt32(bitPattern: NFT_GOTO.rawValue)
        case .jump: UInt32(bitPattern: NFT_JUMP.rawValue)
        }
    }

    /// The verdict of a number; nil for those that Ferrule never uses.
    init?(kernelNumber: UInt32, chain: String) {
        switch kernelNumber {
        case UInt32(NF_ACCEPT): self = .accept
        case UInt32(NF_DROP): self = .drop
        case UInt32(bitPattern: NFT_GOTO.rawValue): self = .goto(ChainName(chain))
        case UInt32(bitPattern: NFT_JUMP.rawValue): self = .jump(ChainName(chain))
        default: return nil
        }
    }
}

extension SetDefinition {
    /// `NFT_SET_…`, but for the flag of a map.
    var kernelFlags: UInt32 {
        switch kind {
        case .plain: 0
        case .interval: UInt32(NFT_SET_INTERVAL.rawValue) | (keyType.count > 1 ? UInt32(NFT_SET_CONCAT.rawValue) : 0)
        case .dynamic: UInt32(NFT_SET_EVAL.rawValue) | UInt32(NFT_SET_TIMEOUT.rawValue)
        }
    }
}

extension SetDefinition.DataType {
    /// nft's number of the type (`enum datatypes` in nft), which it reads back when it lists a set.
    func nftNumber(_ family: IPFamily) -> UInt32 {
        switch self {
        case .address: family == .ipv4 ? 7 : 8
        case .transportProtocol: 12
        case .port: 13
        }
    }

    /// The length of the value itself, in bytes.
    func unpaddedLength(_ family: IPFamily) -> UInt8 {
        switch self {
        case .address: UInt8(family.addressBytes)
        case .transportProtocol: 1
        case .port: 2
        }
    }

    /// The length in a key or value, in bytes, padded to whole words.
    func length(_ family: IPFamily) -> UInt32 {
        switch self {
        case .address: UInt32(family.addressBytes)
        case .transportProtocol, .port: 4
        }
    }
}

extension [SetDefinition.DataType] {
    /// The types of a concatenation by nft's number; nil if one of them is none that Ferrule uses.
    init?(nftNumber: UInt32, _ family: IPFamily) {
        let known: [SetDefinition.DataType] = [.address, .transportProtocol, .port]
        var types: [SetDefinition.DataType] = []
        var rest = nftNumber
        while rest > 0 {
            guard let type = known.first(where: { $0.nftNumber(family) == rest & 0x3f }) else { return nil }
            types.append(type)
            rest >>= 6
        }
        self = types.reversed()
    }

    /// nft's number of a concatenation: six bits a type.
    func nftNumber(_ family: IPFamily) -> UInt32 { reduce(0) { $0 << 6 | $1.nftNumber(family) } }

    /// In bytes.
    func length(_ family: IPFamily) -> UInt32 { reduce(0) { $0 + $1.length(family) } }
}
