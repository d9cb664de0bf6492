// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// Where the kernel says that packets enter a chain.
enum ReadHook {
    case regular
    case base(BaseChain)
    /// In a way that there is no word for here, such as at a device.
    case foreign

    init(_ message: NetlinkMessage) {
        guard let hook = message.attributes.first(where: { $0.type == Int(NFTA_CHAIN_HOOK.rawValue) }) else {
            self = .regular
            return
        }
        var number: UInt32?
        var priority: UInt32 = 0
        for part in hook.nested(in: message) {
            let value = UInt32(truncatingIfNeeded: part.number(in: message))
            if part.type == Int(NFTA_HOOK_HOOKNUM.rawValue) { number = value }
            if part.type == Int(NFTA_HOOK_PRIORITY.rawValue) { priority = value }
        }
        let policy = message.attributes.first { $0.type == Int(NFTA_CHAIN_POLICY.rawValue) }.map {
            BaseChain.Policy(rawValue: UInt32(truncatingIfNeeded: $0.number(in: message)))
        }
        guard let kind = message.text(Int(NFTA_CHAIN_TYPE.rawValue)).flatMap(BaseChain.Kind.init(rawValue:)),
            let known = number.flatMap(BaseChain.Hook.init(rawValue:)), let policy = policy ?? .accept
        else {
            self = .foreign
            return
        }
        self = .base(BaseChain(kind, known, priority: Int32(bitPattern: priority), policy: policy))
    }
}
