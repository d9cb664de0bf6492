// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleRuleset

/// Where the kernel says that a chain is hooked in.
enum ReadHook {
    case regular
    case hooked(Hook)
    case foreign

    init(_ message: NetlinkMessage) {
        guard let hook = message.attributes.first(where: { $0.type == Int(NFTA_CHAIN_HOOK.rawValue) }) else {
            self = .regular
            return
        }
        var point: UInt32?
        var priority: UInt32 = 0
        for part in hook.nested(in: message) {
            let number = UInt32(truncatingIfNeeded: part.number(in: message))
            if part.type == Int(NFTA_HOOK_HOOKNUM.rawValue) { point = number }
            if part.type == Int(NFTA_HOOK_PRIORITY.rawValue) { priority = number }
        }
        let policy = message.attributes.first { $0.type == Int(NFTA_CHAIN_POLICY.rawValue) }
        guard message.text(Int(NFTA_CHAIN_TYPE.rawValue)) == "nat",
            policy.map({ $0.number(in: message) == UInt64(NF_ACCEPT) }) != false,
            let known = point.flatMap(Hook.Point.init(rawValue:))
        else {
            self = .foreign
            return
        }
        self = .hooked(Hook(known, priority: Int32(bitPattern: priority)))
    }
}
