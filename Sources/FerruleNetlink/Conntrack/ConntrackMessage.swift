// SPDX-License-Identifier: Apache-2.0

internal import CNetfilter
internal import FerruleNetwork
internal import FerruleRuleset

/// Messages of the connection tracking subsystem (`NFNL_SUBSYS_CTNETLINK`, `linux/netfilter/nfnetlink_conntrack.h`).
enum ConntrackMessage {
    /// The connection that a message of a dump describes; nil for other protocols than those of services, and for messages
    /// that are none.
    static func flow(_ message: NetlinkMessage, _ family: IPFamily) -> TrackedFlow? {
        var original: Tuple?
        var reply: Tuple?
        var status: UInt32 = 0
        for attribute in message.attributes {
            switch attribute.type {
            case Int(CTA_TUPLE_ORIG.rawValue):
                original = Tuple(attribute, message, family)
                if original == nil { return nil }
            case Int(CTA_TUPLE_REPLY.rawValue): reply = Tuple(attribute, message, family)
            case Int(CTA_STATUS.rawValue): status = attribute.networkWord(in: message)
            default: break
            }
        }
        guard let original, let reply else { return nil }
        return TrackedFlow(
            original.transport, from: original.source, to: original.destination,
            responder: Endpoint(reply.source, reply.sourcePort), isAnswered: status & ConntrackStatus.seenReply != 0)
    }

    /// Whether a judge need see the connection: told by two attributes, since a node may have a million that are answered.
    static func mayConcernJudge(_ message: NetlinkMessage) -> Bool {
        var isAnswered = false
        var transport: TransportProtocol?
        for attribute in message.attributes {
            switch attribute.type {
            case Int(CTA_TUPLE_ORIG.rawValue): transport = Tuple.transport(attribute, message)
            case Int(CTA_STATUS.rawValue):
                isAnswered = attribute.networkWord(in: message) & ConntrackStatus.seenReply != 0
            default: break
            }
        }
        return transport.map { FlowJudge.concerns($0, isAnswered: isAnswered) } ?? false
    }

    /// One direction of a connection (`CTA_TUPLE_IP` and `CTA_TUPLE_PROTO`).
    private struct Tuple {
        let transport: TransportProtocol
        let source: IPAddress
        let sourcePort: Port
        let destination: Endpoint

        static func transport(_ tuple: NetlinkAttribute, _ message: NetlinkMessage) -> TransportProtocol? {
            for part in tuple.nested(in: message) where part.type == Int(CTA_TUPLE_PROTO.rawValue) {
                for field in part.nested(in: message) where field.type == Int(CTA_PROTO_NUM.rawValue) {
                    let value = message.bytes.span.extracting(field.value)
                    return value.isEmpty ? nil : TransportProtocol(rawValue: value[0])
                }
            }
            return nil
        }

        init?(_ tuple: NetlinkAttribute, _ message: NetlinkMessage, _ family: IPFamily) {
            let bytes = message.bytes.span
            var addresses: (source: IPAddress?, destination: IPAddress?)
            var ports: (source: Port?, destination: Port?)
            var transport: TransportProtocol?
            for part in tuple.nested(in: message) {
                for field in part.nested(in: message) {
                    let value = bytes.extracting(field.value)
                    switch (part.type, field.type) {
                    case (Int(CTA_TUPLE_IP.rawValue), Int((family == .ipv4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC).rawValue)):
                        addresses.source = IPAddress(family, networkBytes: value)
                    case (Int(CTA_TUPLE_IP.rawValue), Int((family == .ipv4 ? CTA_IP_V4_DST : CTA_IP_V6_DST).rawValue)):
                        addresses.destination = IPAddress(family, networkBytes: value)
                    case (Int(CTA_TUPLE_PROTO.rawValue), Int(CTA_PROTO_NUM.rawValue)):
                        transport = value.isEmpty ? nil : TransportProtocol(rawValue: value[0])
                    case (Int(CTA_TUPLE_PROTO.rawValue), Int(CTA_PROTO_SRC_PORT.rawValue)):
                        ports.source = Port(networkBytes: value)
                    case (Int(CTA_TUPLE_PROTO.rawValue), Int(CTA_PROTO_DST_PORT.rawValue)):
                        ports.destination = Port(networkBytes: value)
                    default: break
                    }
                }
            }
            guard let transport, let source = addresses.source, let destination = addresses.destination,
                let sourcePort = ports.source, let destinationPort = ports.destination
            else { return nil }
            (self.transport, self.source, self.sourcePort) = (transport, source, sourcePort)
            self.destination = Endpoint(destination, destinationPort)
        }
    }

    /// A request for all flows of a family.
    static func dumpRequest(_ family: IPFamily) -> [UInt8] {
        message(IPCTNL_MSG_CT_GET, NLM_F_DUMP, family, attributes: [])
    }

    /// A request to remove the flow that a message describes: exactly that one, by its first direction, zone and number.
    static func deletion(of flow: NetlinkMessage, _ family: IPFamily) -> [UInt8] {
        let wanted = [CTA_TUPLE_ORIG, CTA_ZONE, CTA_ID].map { Int($0.rawValue) }
        let attributes = flow.attributes.filter { wanted.contains($0.type) }.flatMap { attribute in
            let start = flow.bytes.startIndex
            return Array(flow.bytes[start + attribute.offset..<min(start + attribute.behind, flow.bytes.endIndex)])
        }
        return message(IPCTNL_MSG_CT_DELETE, NLM_F_ACK, family, attributes: attributes)
    }

    private static func message(
        _ type: cntl_msg_types, _ flags: Int32, _ family: IPFamily, attributes: [UInt8]
    ) -> [UInt8] {
        NetlinkMessage.request(
            NFNL_SUBSYS_CTNETLINK, type.rawValue, flags: flags, family: family.netfilterNumber, attributes)
    }
}

extension Port {
    /// A port in network order; nil unless there are two bytes that tell one.
    fileprivate init?(networkBytes bytes: Span<UInt8>) {
        guard bytes.count == 2 else { return nil }
        self.init(Int(bytes[0]) << 8 | Int(bytes[1]))
    }
}

extension NetlinkAttribute {
    /// 32 bits in network order; 0 where there are fewer.
    fileprivate func networkWord(in message: NetlinkMessage) -> UInt32 {
        value(in: message.bytes).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
