// SPDX-License-Identifier: Apache-2.0

import FerruleNetwork

/// How new connections get into a service.
enum ConnectionWay: String, Codable, CaseIterable {
    /// From a pod to the ClusterIP of any of the services.
    case clusterIP = "pod to ClusterIP"
    /// From outside to the node port of one of the services that have one, masqueraded.
    case nodePort = "outside to NodePort"
    case large = "pod to a service of 1,000 endpoints"
    /// From one of 1,000 pods, most of which have an endpoint already.
    case sticky = "pod to a service with affinity"

    /// The least that can be asked for instead: one rule that leads all packets to an endpoint, and one that masquerades them
    /// where that belongs to the way.
    var plainRuleset: String {
        // Behind one address and port there are ports for 64,512 masqueraded connections; the kernel takes one of ten.
        let endpoints = self == .nodePort ? "10.247.9.1-10.247.9.10" : "10.247.9.1"
        let translation = "type nat hook prerouting priority dstnat; meta l4proto tcp dnat to \(endpoints):8080"
        let masquerade = "type nat hook postrouting priority srcnat; masquerade fully-random"
        return """
            table ip plain {
            chain prerouting { \(translation); }
            \(self == .nodePort ? "chain postrouting { \(masquerade); }" : "")
            }

            """
    }

    /// First packets of connections that no other burst has.
    func frames(_ services: [ConnectionService], _ count: Int, first: Int) -> [UInt8] {
        let targets = services.filter { service in
            switch self {
            case .clusterIP: true
            case .nodePort: service.nodePort != nil
            case .large: service.endpoints.count > 100
            case .sticky: service.isSticky
            }
        }
        var frames: [UInt8] = []
        frames.reserveCapacity(count * FirstPacket.length)
        guard !targets.isEmpty else { return frames }
        for number in first..<first + count {
            // Another service each time, in no order that a cache could like.
            let target = targets[number &* 7919 % targets.count]
            let clusterIP = IPAddress(target.clusterIP)?.ipv4Bits ?? 0
            let nodeAddress = IPAddress(ForwardingNode.address)?.ipv4Bits ?? 0
            let outside: UInt32 = 0xc633_6400
            let pods: UInt32 = 0x0af7_0000
            let packet = FirstPacket(
                source: self == .nodePort ? outside + 1 + UInt32(number % 250) : pods + 1 + UInt32(number % 1000),
                sourcePort: UInt16(10_000 + number / 250 % 50_000),
                destination: self == .nodePort ? nodeAddress : clusterIP,
                destinationPort: UInt16(self == .nodePort ? target.nodePort ?? 0 : target.port))
            packet.append(to: &frames)
        }
        return frames
    }
}
