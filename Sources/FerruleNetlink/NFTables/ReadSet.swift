// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// A set as the kernel declares it.
struct ReadSet: Sendable {
    let name: String
    private let flags: UInt32
    private let keyType: UInt32
    private let dataType: UInt32
    private let size: Int?
    /// Whether something is done where an element is found, as counting or limiting.
    private let isActive: Bool

    init(_ message: NetlinkMessage) {
        let attributes = message.attributes
        func number(_ type: nft_set_attributes) -> UInt32 {
            let attribute = attributes.first { $0.type == Int(type.rawValue) }
            return UInt32(truncatingIfNeeded: attribute?.number(in: message) ?? 0)
        }
        name = message.text(Int(NFTA_SET_NAME.rawValue)) ?? ""
        flags = number(NFTA_SET_FLAGS)
        keyType = number(NFTA_SET_KEY_TYPE)
        dataType = number(NFTA_SET_DATA_TYPE)
        let active = [NFTA_SET_EXPR, NFTA_SET_EXPRESSIONS, NFTA_SET_OBJ_TYPE].map { Int($0.rawValue) }
        isActive = attributes.contains { active.contains($0.type) }
        size = attributes.first { $0.type == Int(NFTA_SET_DESC.rawValue) }.flatMap { description in
            description.nested(in: message).first { $0.type == Int(NFTA_SET_DESC_SIZE.rawValue) }
        }.map { Int($0.number(in: message)) }
    }

    var isAnonymous: Bool { flags & UInt32(NFT_SET_ANONYMOUS.rawValue) != 0 }

    /// What it is if somebody else has made it.
    var foreign: ForeignObject {
        flags & UInt32(NFT_SET_CONSTANT.rawValue) != 0 ? .constantSet(SetName(name)) : .set(SetName(name))
    }

    /// The set without its elements; nil for one that Ferrule never makes.
    func definition(_ family: IPFamily) -> SetDefinition? {
        guard !isActive, let key = [SetDefinition.DataType](nftNumber: keyType, family) else { return nil }
        let isMap = flags & UInt32(NFT_SET_MAP.rawValue) != 0
        var value: SetDefinition.ValueType?
        if isMap, dataType == UInt32(NFT_DATA_VERDICT.rawValue) {
            value = .verdict
        } else if isMap {
            guard let type = [SetDefinition.DataType](nftNumber: dataType, family) else { return nil }
            value = .data(type)
        }
        let kinds: [SetDefinition.Kind] = [
            .plain, .interval, .dynamic(SetDefinition.DynamicElements(timeout: 0, values: [])),
        ]
        return kinds.lazy.map { SetDefinition(named: SetName(name), key: key, value: value, kind: $0, size: size) }
            .first { $0.kernelFlags == flags & ~UInt32(NFT_SET_MAP.rawValue) }
    }
}
