// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter

/// Routing types of addresses (`linux/rtnetlink.h`).
enum AddressType {
    static let local = UInt32(RTN_LOCAL)
}

/// Bits of a connection's status (`linux/netfilter/nf_conntrack_common.h`).
enum ConntrackStatus {
    static let destinationNAT = UInt32(IPS_DST_NAT.rawValue)
}
