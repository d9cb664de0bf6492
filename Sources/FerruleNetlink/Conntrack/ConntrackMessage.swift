// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// Messages of the connection tracking subsystem (`NFNL_SUBSYS_CTNETLINK`, `linux/netfilter/nfnetlink_conntrack.h`).
enum ConntrackMessage {
    /// The ends of a UDP flow that matter.
    struct Flow {
        /// Where its first packet was sent.
        let destination: IPAddress
        let port: Port
        /// Where its replies come from.
        let responder: IPAddress

        /// nil for flows of other protocols, and for messages that are none.
        init?(_ message: NetlinkMessage, _ family: IPFamily) {
            let attributes = message.attributes
            guard let original = Tuple(CTA_TUPLE_ORIG, attributes, message, family), original.isUDP,
                let reply = Tuple(CTA_TUPLE_REPLY, attributes, message, family),
                let destination = original.destination, let port = original.destinationPort,
                let responder = reply.source
            else { return nil }
            (self.destination, self.port, self.responder) = (destination, port, responder)
        }

        /// Whether the flow belongs to a service and none of the service's endpoints answers it.
        func isStale(_ flows: DatagramFlows) -> Bool {
            let keys = [ElementKey.service(destination, .udp, port), .port(.udp, port)]
            return keys.contains { flows.endpoints[$0].map { !$0.contains(responder) } ?? false }
        }
    }

    /// One direction of a flow (`CTA_TUPLE_IP` and `CTA_TUPLE_PROTO`).
    private struct Tuple {
        var source: IPAddress?
        var destination: IPAddress?
        var destinationPort: Port?
        var isUDP = false

        init?(
            _ type: ctattr_type, _ attributes: NetlinkAttributes, _ message: NetlinkMessage, _ family: IPFamily
        ) {
            guard let tuple = attributes.first(where: { $0.type == Int(type.rawValue) }) else { return nil }
            let isIPv4 = family == .ipv4
            for part in tuple.nested(in: message) {
                for field in part.nested(in: message) {
                    let value = field.value(in: message.bytes)
                    switch (part.type, field.type) {
                    case (Int(CTA_TUPLE_IP.rawValue), Int((isIPv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC).rawValue)):
                        source = IPAddress(family, networkBytes: value.span)
                    case (Int(CTA_TUPLE_IP.rawValue), Int((isIPv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST).rawValue)):
                        destination = IPAddress(family, networkBytes: value.span)
                    case (Int(CTA_TUPLE_PROTO.rawValue), Int(CTA_PROTO_NUM.rawValue)):
                        isUDP = value.first == TransportProtocol.udp.rawValue
                    case (Int(CTA_TUPLE_PROTO.rawValue), Int(CTA_PROTO_DST_PORT.rawValue)):
                        destinationPort = Port(Int(value.reduce(0) { $0 << 8 | UInt16($1) }))
                    default: break
                    }
                }
            }
        }
    }

    /// A request for all flows of a family.
    static func dumpRequest(_ family: IPFamily) -> [UInt8] {
        message(IPCTNL_MSG_CT_GET, NLM_F_REQUEST | NLM_F_DUMP, family, attributes: [])
    }

    /// A request to remove the flow that a message describes: exactly that one, by its first direction, zone and number.
    static func deletion(of flow: NetlinkMessage, _ family: IPFamily) -> [UInt8] {
        let wanted = [CTA_TUPLE_ORIG, CTA_ZONE, CTA_ID].map { Int($0.rawValue) }
        let attributes = flow.attributes.filter { wanted.contains($0.type) }.flatMap { attribute in
            let start = flow.bytes.startIndex
            return Array(flow.bytes[start + attribute.offset..<min(start + attribute.behind, flow.bytes.endIndex)])
        }
        return message(IPCTNL_MSG_CT_DELETE, NLM_F_REQUEST | NLM_F_ACK, family, attributes: attributes)
    }

    private static func message(
        _ type: cntl_msg_types, _ flags: Int32, _ family: IPFamily, attributes: [UInt8]
    ) -> [UInt8] {
        let headers = NetlinkMessage.headerLength + NetlinkMessage.familyHeaderLength
        let header = nlmsghdr(
            nlmsg_len: UInt32(headers + attributes.count),
            nlmsg_type: UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(type.rawValue), nlmsg_flags: UInt16(flags),
            nlmsg_seq: Batch.firstSequence, nlmsg_pid: 0)
        let familyHeader = nfgenmsg(
            nfgen_family: UInt8(family.netfilterNumber), version: UInt8(NFNETLINK_V0), res_id: 0)
        return unsafe withUnsafeBytes(of: header) { unsafe Array($0) }
            + withUnsafeBytes(of: familyHeader) { unsafe Array($0) } + attributes
    }
}
