// SPDX-License-Identifier: Apache-2.0

import FerruleKubernetes
import Foundation

/// Services of further kinds, in the shape that kube-proxy 1.36 gives them, and the same services as objects.
extension PeerRuleset {
    /// A service that stands in the ruleset.
    struct Service {
        let clusterIP: String
        let port: Int
        /// The chain that balances its traffic.
        let chain: String
        let endpoints: [(address: String, port: Int)]
        var nodePort: Int?
        var isSticky = false
    }

    /// All services, in the order of the map `service-ips`.
    var services: [Service] {
        var rules: [String: String] = [:]
        for (chain, rule) in firstRules { rules[chain] = rule }
        return elements(of: "map service-ips").compactMap { element in
            let sides = element.components(separatedBy: " : goto ")
            let key = sides[0].components(separatedBy: " . ")
            guard sides.count == 2, key.count == 3, let port = Int(key[2]), let rule = rules[sides[1]] else {
                return nil
            }
            return Service(clusterIP: key[0], port: port, chain: sides[1], endpoints: Self.endpoints(of: rule))
        }
    }

    /// `… map { 0 : 10.244.0.21 . 8080, 1 : … }`, and for a single endpoint `… dnat to 10.244.0.21:8080`.
    private static func endpoints(of rule: String) -> [(address: String, port: Int)] {
        guard let list = rule.components(separatedBy: "map { ").dropFirst().first else {
            let parts = (rule.components(separatedBy: "dnat to ").last ?? "").split(separator: ":")
            guard parts.count == 2, let port = Int(parts[1]) else { return [] }
            return [(String(parts[0]), port)]
        }
        return list.split(whereSeparator: { $0 == "," || $0 == "}" }).compactMap { entry in
            let words = entry.split(separator: " ")
            guard words.count == 5, let port = Int(words[4]) else { return nil }
            return (String(words[2]), port)
        }
    }

    mutating func addNodePort(_ port: Int, to service: Service) {
        let external = "external-" + service.chain.dropFirst("service-".count)
        add(["tcp . \(port) : goto \(external)"], to: "map service-nodeports")
        let mark = "meta mark set meta mark | 0x00004000 comment \"masquerade\""
        add(Chain(name: external, rules: [mark, "goto \(service.chain)"]))
    }

    /// Adds a service with endpoints; one with affinity has a set and a chain for each of them.
    mutating func add(_ service: Service) {
        add(["\(service.clusterIP) . tcp . \(service.port) : goto \(service.chain)"], to: "map service-ips")
        add([service.clusterIP], to: "set cluster-ips")
        let count = service.endpoints.count
        guard service.isSticky else {
            let list = service.endpoints.enumerated().map { "\($0) : \($1.address) . \($1.port)" }
            let map = list.joined(separator: ", ")
            let rule = "meta l4proto tcp dnat ip to numgen random mod \(count) map { \(map) }"
            return add(Chain(name: service.chain, rules: [rule]))
        }
        let names = service.endpoints.map { "\(service.chain.dropFirst("service-".count))__\($0.address)/\($0.port)" }
        for (name, endpoint) in zip(names, service.endpoints) {
            add(
                Block(
                    title: "set affinity-\(name)",
                    declaration: ["type ipv4_addr", "size 65535", "flags dynamic,timeout", "timeout 3h"]))
            let target = "meta l4proto tcp dnat to \(endpoint.address):\(endpoint.port)"
            add(Chain(name: "endpoint-\(name)", rules: ["update @affinity-\(name) { ip saddr }", target]))
        }
        let choices = names.enumerated().map { "\($0) : goto endpoint-\($1)" }.joined(separator: ", ")
        add(
            Chain(
                name: service.chain,
                rules: names.map { "ip saddr @affinity-\($0) goto endpoint-\($0)" } + [
                    "numgen random mod \(count) vmap { \(choices) }"
                ]))
    }

    /// The services as the objects that they were made of.
    static func objects(_ services: [Service]) -> ClusterObjects {
        var objects = ClusterObjects()
        for (index, service) in services.enumerated() {
            var spec = ServiceSpec()
            spec.type = service.nodePort == nil ? "ClusterIP" : "NodePort"
            (spec.clusterIP, spec.clusterIPs, spec.ipFamilies) = (service.clusterIP, [service.clusterIP], ["IPv4"])
            spec.sessionAffinity = service.isSticky ? "ClientIP" : "None"
            var port = ServicePort()
            (port.name, port.protocol, port.port, port.nodePort) = ("http", "TCP", service.port, service.nodePort)
            spec.ports = [port]
            let name = "svc-\(index)"
            objects.services.append(FerruleKubernetes.Service(meta: ObjectMeta(name: name), spec: spec))
            let labels: Labels = [EndpointSlice.serviceNameLabel: name]
            var slice = EndpointSlice(meta: ObjectMeta(name: name, labels: labels), addressType: "IPv4")
            var target = EndpointPort()
            (target.name, target.protocol, target.port) = ("http", "TCP", service.endpoints.first?.port)
            slice.ports = [target]
            slice.endpoints = service.endpoints.map { address, _ in
                var endpoint = EndpointSlice.Endpoint()
                endpoint.addresses = [address]
                return endpoint
            }
            objects.endpointSlices.append(slice)
        }
        return objects
    }
}
