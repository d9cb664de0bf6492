// SPDX-License-Identifier: Apache-2.0

package import FerruleCluster
import FerruleKubernetes
import Foundation

/// An object as the test server stores it; a class, since it is large and is handed around much.
package final class LabObject: Sendable {
    /// What the server's selectors and the tests look at.
    package let object: ClusterObject
    package let version: Int
    private let meta: MetaForm
    /// The message without its envelope.
    let protobuf: [UInt8]

    package init(_ object: ClusterObject, version: Int, annotations: [String: String] = [:]) throws {
        (self.object, self.version) = (object, version)
        let meta = MetaForm(meta: object.meta, version: version, annotations: annotations)
        var wire = WireWriter()
        wire.field(1) { meta.write(to: &$0) }
        switch object {
        case .service(let service): service.write(to: &wire)
        case .endpointSlice(let slice): slice.write(to: &wire)
        case .node(let node): node.write(to: &wire)
        case .serviceCIDR(let range): wire.field(2) { spec in for cidr in range.cidrs { spec.field(1, cidr) } }
        default: throw LabServerError.notServed
        }
        (self.meta, protobuf) = (meta, wire.bytes)
    }

    /// The members of the object but `kind` and `apiVersion`, as JSON with braces.
    var json: Data {
        var members: [String: Any] = ["metadata": meta.json]
        switch object {
        case .service(let service): members.merge(service.json) { $1 }
        case .endpointSlice(let slice): members.merge(slice.json) { $1 }
        case .node(let node): members.merge(node.json) { $1 }
        case .serviceCIDR(let range): members["spec"] = ["cidrs": range.cidrs]
        default: break
        }
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
        return (try? JSONSerialization.data(withJSONObject: members, options: options)) ?? Data()
    }
}

package enum LabServerError: Error { case notServed, notListening }

/// `metadata` as a server writes it, managedFields included.
private struct MetaForm {
    let meta: ObjectMeta
    let version: Int
    let annotations: [String: String]

    private var uid: String { "uid-of-\(meta.name)" }

    var json: [String: Any] {
        var json: [String: Any] = [
            "name": meta.name, "uid": uid, "resourceVersion": String(version),
            "creationTimestamp": "2026-11-26T11:34:44Z",
            "managedFields": [
                ["manager": "lab", "operation": "Update", "fieldsV1": ["f:metadata": ["f:labels": [:]]]]
            ],
        ]
        if !meta.namespace.isEmpty { json["namespace"] = meta.namespace }
        if !meta.labels.isEmpty { json["labels"] = meta.labels.json }
        if !annotations.isEmpty { json["annotations"] = annotations }
        if meta.isBeingDeleted { json["deletionTimestamp"] = "2026-11-26T11:35:00Z" }
        return json
    }

    func write(to wire: inout WireWriter) {
        wire.field(1, meta.name)
        wire.field(2, "")
        wire.field(3, meta.namespace)
        wire.field(5, uid)
        wire.field(6, String(version))
        wire.field(8) { $0.field(1, 1_795_692_884) }
        if meta.isBeingDeleted { wire.field(9) { $0.field(1, 1_795_692_900) } }
        wire.field(11, meta.labels)
        wire.field(12, annotations)
        wire.field(17) { $0.field(1, "lab") }
    }
}

extension Service {
    fileprivate var json: [String: Any] {
        var spec: [String: Any] = [:]
        func set(_ key: String, _ value: Any?) { if let value { spec[key] = value } }
        func set(_ key: String, list: [Any]) { if !list.isEmpty { spec[key] = list } }
        set(
            "ports",
            list: self.spec.ports.map { port in
                var json: [String: Any] = [:]
                if !port.name.isEmpty { json["name"] = port.name }
                if let value = port.protocol { json["protocol"] = value }
                if let value = port.port { json["port"] = value }
                switch port.targetPort {
                case .number(let number): json["targetPort"] = number
                case .name(let name): json["targetPort"] = name
                case nil: break
                }
                if let value = port.nodePort { json["nodePort"] = value }
                return json
            })
        set("selector", self.spec.selector?.json)
        set("clusterIP", self.spec.clusterIP)
        set("clusterIPs", self.spec.clusterIPs)
        set("type", self.spec.type)
        set("externalIPs", list: self.spec.externalIPs)
        set("sessionAffinity", self.spec.sessionAffinity)
        if self.spec.hasAffinityConfig {
            let seconds: [String: Any] = self.spec.affinityTimeoutSeconds.map { ["timeoutSeconds": $0] } ?? [:]
            spec["sessionAffinityConfig"] = ["clientIP": seconds]
        }
        set("loadBalancerSourceRanges", list: self.spec.loadBalancerSourceRanges)
        set("externalName", self.spec.externalName)
        set("externalTrafficPolicy", self.spec.externalTrafficPolicy)
        set("healthCheckNodePort", self.spec.healthCheckNodePort)
        set("publishNotReadyAddresses", self.spec.publishNotReadyAddresses)
        set("ipFamilyPolicy", self.spec.ipFamilyPolicy)
        set("ipFamilies", self.spec.ipFamilies)
        set("allocateLoadBalancerNodePorts", self.spec.allocateLoadBalancerNodePorts)
        set("internalTrafficPolicy", self.spec.internalTrafficPolicy)
        set("trafficDistribution", self.spec.trafficDistribution)
        let ingress = loadBalancerIngress.map { ingress in
            ["ip": ingress.ip, "hostname": ingress.hostname, "ipMode": ingress.ipMode].compactMapValues { $0 }
        }
        let loadBalancer: [String: Any] = ingress.isEmpty ? [:] : ["ingress": ingress]
        return ["spec": spec, "status": ["loadBalancer": loadBalancer]]
    }

    fileprivate func write(to wire: inout WireWriter) {
        wire.field(2) { wire in
            for port in spec.ports {
                wire.field(1) { wire in
                    wire.field(1, port.name)
                    wire.field(2, port.protocol)
                    wire.field(3, port.port)
                    if let target = port.targetPort { wire.field(4) { target.write(to: &$0) } }
                    wire.field(5, port.nodePort ?? 0)
                }
            }
            wire.field(2, spec.selector ?? [:])
            wire.field(3, spec.clusterIP ?? "")
            wire.field(4, spec.type ?? "")
            for address in spec.externalIPs { wire.field(5, address) }
            wire.field(7, spec.sessionAffinity ?? "")
            wire.field(8, "")
            for range in spec.loadBalancerSourceRanges { wire.field(9, range) }
            wire.field(10, spec.externalName ?? "")
            wire.field(11, spec.externalTrafficPolicy ?? "")
            wire.field(12, spec.healthCheckNodePort ?? 0)
            wire.field(13, spec.publishNotReadyAddresses ?? false)
            if spec.hasAffinityConfig {
                wire.field(14) { $0.field(1) { $0.field(1, spec.affinityTimeoutSeconds) } }
            }
            wire.field(17, spec.ipFamilyPolicy)
            for address in spec.clusterIPs ?? [] { wire.field(18, address) }
            for family in spec.ipFamilies ?? [] { wire.field(19, family) }
            wire.field(20, spec.allocateLoadBalancerNodePorts)
            wire.field(22, spec.internalTrafficPolicy)
            wire.field(23, spec.trafficDistribution)
        }
        wire.field(3) { wire in
            wire.field(1) { wire in
                for ingress in loadBalancerIngress {
                    wire.field(1) {
                        $0.field(1, ingress.ip ?? "")
                        $0.field(2, ingress.hostname ?? "")
                        $0.field(3, ingress.ipMode)
                    }
                }
            }
        }
    }
}

extension IntOrString {
    fileprivate func write(to wire: inout WireWriter) {
        switch self {
        case .number(let number):
            wire.field(1, 0)
            wire.field(2, number)
            wire.field(3, "")
        case .name(let name):
            wire.field(1, 1)
            wire.field(2, 0)
            wire.field(3, name)
        }
    }
}

extension EndpointSlice {
    fileprivate var json: [String: Any] {
        [
            "addressType": addressType,
            "endpoints": endpoints.map { endpoint in
                var json: [String: Any] = ["addresses": endpoint.addresses]
                json["conditions"] = [
                    "ready": endpoint.ready, "serving": endpoint.serving, "terminating": endpoint.terminating,
                ].compactMapValues { $0 }
                if let value = endpoint.nodeName { json["nodeName"] = value }
                if let value = endpoint.hostname { json["hostname"] = value }
                if let value = endpoint.zone { json["zone"] = value }
                var hints: [String: Any] = [:]
                if !endpoint.zoneHints.isEmpty { hints["forZones"] = endpoint.zoneHints.map { ["name": $0] } }
                if !endpoint.nodeHints.isEmpty { hints["forNodes"] = endpoint.nodeHints.map { ["name": $0] } }
                if !hints.isEmpty { json["hints"] = hints }
                return json
            },
            "ports": ports.map { port in
                var json: [String: Any] = ["name": port.name]
                if let value = port.protocol { json["protocol"] = value }
                if let value = port.port { json["port"] = value }
                return json
            },
        ]
    }

    fileprivate func write(to wire: inout WireWriter) {
        for endpoint in endpoints {
            wire.field(2) { wire in
                for address in endpoint.addresses { wire.field(1, address) }
                wire.field(2) {
                    $0.field(1, endpoint.ready)
                    $0.field(2, endpoint.serving)
                    $0.field(3, endpoint.terminating)
                }
                wire.field(3, endpoint.hostname)
                wire.field(6, endpoint.nodeName)
                wire.field(7, endpoint.zone)
                if !endpoint.zoneHints.isEmpty || !endpoint.nodeHints.isEmpty {
                    wire.field(8) { wire in
                        for zone in endpoint.zoneHints { wire.field(1) { $0.field(1, zone) } }
                        for node in endpoint.nodeHints { wire.field(2) { $0.field(1, node) } }
                    }
                }
            }
        }
        for port in ports {
            wire.field(3) {
                $0.field(1, port.name)
                $0.field(2, port.protocol)
                $0.field(3, port.port)
            }
        }
        wire.field(4, addressType)
    }
}

extension Node {
    fileprivate var json: [String: Any] {
        var spec: [String: Any] = [:]
        if let first = podCIDRs.first {
            spec["podCIDR"] = first
            spec["podCIDRs"] = podCIDRs
        }
        if !taints.isEmpty { spec["taints"] = taints.map { ["key": $0, "effect": "NoSchedule"] } }
        return [
            "spec": spec, "status": ["addresses": addresses.map { ["type": $0.type, "address": $0.address] }],
        ]
    }

    fileprivate func write(to wire: inout WireWriter) {
        wire.field(2) { wire in
            wire.field(1, podCIDRs.first ?? "")
            for taint in taints {
                wire.field(5) {
                    $0.field(1, taint)
                    $0.field(3, "NoSchedule")
                }
            }
            for range in podCIDRs { wire.field(7, range) }
        }
        wire.field(3) { wire in
            for address in addresses {
                wire.field(5) {
                    $0.field(1, address.type)
                    $0.field(2, address.address)
                }
            }
        }
    }
}

extension Labels {
    fileprivate var json: [String: String] { reduce(into: [:]) { $0[$1.key] = $1.value } }
}
