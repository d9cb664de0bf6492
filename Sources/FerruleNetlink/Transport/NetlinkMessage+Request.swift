// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

extension NetlinkMessage {
    /// A request to a subsystem, for ``NetlinkSession``, which numbers it.
    ///
    /// - Parameters:
    ///   - subsystem: `NFNL_SUBSYS_…`
    ///   - type: the number of the message in its subsystem.
    ///   - flags: those besides `NLM_F_REQUEST`.
    ///   - family: `NFPROTO_…`
    ///   - attributes: one behind the other, each padded.
    static func request(
        _ subsystem: Int32, _ type: UInt32, flags: Int32, family: UInt16, _ attributes: [UInt8]
    ) -> [UInt8] {
        let header = nlmsghdr(
            nlmsg_len: UInt32(headerLength + familyHeaderLength + attributes.count),
            nlmsg_type: UInt16(subsystem) << 8 | UInt16(type), nlmsg_flags: UInt16(NLM_F_REQUEST | flags), nlmsg_seq: 0,
            nlmsg_pid: 0)
        let familyHeader = nfgenmsg(nfgen_family: UInt8(family), version: UInt8(NFNETLINK_V0), res_id: 0)
        return unsafe withUnsafeBytes(of: header) { unsafe Array($0) }
            + withUnsafeBytes(of: familyHeader) { unsafe Array($0) } + attributes
    }
}
