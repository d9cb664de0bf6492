// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork

/// A part of the kernel that is a module of its own, and that a machine may lack.
package struct KernelModule: Sendable, Hashable {
    /// As `modprobe` takes it.
    package let name: String
    /// What Ferrule needs it for, as the end of a sentence: `masquerades`.
    package let use: String

    static let nfTables = KernelModule(name: "nf_tables", use: "holds the ruleset")
    fileprivate static let nfnetlink = KernelModule(name: "nfnetlink", use: "is the way to nf_tables")
    private static let natChains = KernelModule(name: "nft_chain_nat", use: "has the base chains of type nat")
    private static let flows = KernelModule(name: "nf_conntrack_netlink", use: "lists tracked connections")

    /// The module that answers requests of a subsystem (`NFNL_SUBSYS_…`).
    fileprivate static func ofSubsystem(of request: [UInt8]) -> KernelModule? {
        switch NetlinkMessage(startOf: request[...]).map({ Int32($0.type >> 8) }) {
        case NFNL_SUBSYS_NFTABLES: nfTables
        case NFNL_SUBSYS_CTNETLINK: flows
        default: nil
        }
    }

    /// The module that has an instruction (`NFTA_EXPR_NAME`); nil for what nf_tables itself has.
    private static func ofInstruction(_ name: String, _ family: IPFamily) -> KernelModule? {
        let suffix = family == .ipv4 ? "ipv4" : "ipv6"
        return switch name {
        case "ct": KernelModule(name: "nft_ct", use: "knows translated connections")
        case "fib": KernelModule(name: "nft_fib_\(suffix)", use: "knows the node's addresses")
        case "masq": KernelModule(name: "nft_masq", use: "masquerades")
        case "nat": KernelModule(name: "nft_nat", use: "translates to endpoints")
        case "numgen": KernelModule(name: "nft_numgen", use: "picks one of a service's endpoints")
        case "reject": KernelModule(name: "nft_reject_\(suffix)", use: "refuses what no endpoint can serve")
        default: nil
        }
    }

    /// The module for lack of which the kernel says ENOENT to a message; nil where that means that an object is missing.
    ///
    /// nf_tables looks for the module of a base chain's type, and of each instruction of a rule. What it says of a rule names
    /// the instruction, and none of those that have modules refers to an object.
    ///
    /// - Parameter offset: where in the message the attribute at fault starts (`NLMSGERR_ATTR_OFFS`), if the kernel says.
    static func missing(for message: NetlinkMessage, at offset: Int?) -> KernelModule? {
        switch UInt32(message.type & 0xff) {
        case NFT_MSG_NEWCHAIN.rawValue:
            let attributes = Array(message.attributes)
            // The other types are nf_tables' own.
            let isNAT = message.text(Int(NFTA_CHAIN_TYPE.rawValue)) == "nat"
            // Without its table there is no chain either.
            let isAboutTable = attributes.contains {
                $0.type == Int(NFTA_CHAIN_TABLE.rawValue) && $0.offset == offset
            }
            return isNAT && !isAboutTable ? natChains : nil
        case NFT_MSG_NEWRULE.rawValue:
            guard let offset, let family = message.family else { return nil }
            let instructions = message.attributes.filter { $0.type == Int(NFTA_RULE_EXPRESSIONS.rawValue) }
                .flatMap { $0.nested(in: message) }
            return instructions.first { $0.offset <= offset && offset < $0.end }
                .flatMap { $0.nested(in: message).first { $0.type == Int(NFTA_EXPR_NAME.rawValue) } }
                .flatMap { ofInstruction($0.text(in: message), family) }
        default: return nil
        }
    }
}

extension NetlinkError {
    /// What an error means that is the answer to the opening of a socket.
    static func opening(_ error: ErrorNumber) -> NetlinkError {
        if error.meansNotPermitted { return .notPermitted }
        guard error.meansUnsupported else { return .systemCall("socket", error) }
        return .unsupported([Refusal(step: "open a socket", error: error, missing: .nfnetlink)])
    }

    /// What an error means that answers a request for something to read: nfnetlink says EINVAL for a subsystem that is not
    /// there.
    static func asking(_ request: [UInt8], _ error: ErrorNumber) -> NetlinkError {
        if error.meansNotPermitted { return .notPermitted }
        if error.meansInvalid, let module = KernelModule.ofSubsystem(of: request) {
            return .unsupported([Refusal(step: "read what is there", error: error, missing: module)])
        }
        return .systemCall("netlink dump", error)
    }
}

extension NetlinkAttribute {
    /// The value as text, without its final NUL.
    fileprivate func text(in message: NetlinkMessage) -> String {
        String(decoding: value(in: message.bytes).prefix { $0 != 0 }, as: UTF8.self)
    }
}
