// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// Messages of `k8s.io/api/core/v1` that make up a Service.
extension WireDecoder {
    mutating func service(_ bytes: Span<UInt8>, _ range: Range<Int>, _ stored: inout StoredMeta) throws(WireError)
        -> Service
    {
        var service = Service(
            meta: ObjectMeta(name: "", namespace: "", origin: StoredObject.origin), spec: ServiceSpec())
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: service.meta = try meta(bytes, try field.range, &stored)
            case 2: try readSpec(bytes, try field.range, &service.spec)
            case 3: service.loadBalancerIngress = try ingress(bytes, inStatus: try field.range)
            default: break
            }
        }
        return service
    }

    private mutating func readSpec(_ bytes: Span<UInt8>, _ range: Range<Int>, _ spec: inout ServiceSpec)
        throws(WireError)
    {
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: spec.ports.append(try servicePort(bytes, try field.range))
            case 2:
                let (key, value) = try entry(bytes, field)
                spec.selector = spec.selector ?? [:]
                spec.selector?[key] = value
            case 3: spec.clusterIP = try text(bytes, field)
            case 4: spec.type = try text(bytes, field)
            case 5: spec.externalIPs.append(try string(bytes, field))
            case 7: spec.sessionAffinity = try text(bytes, field)
            case 9: spec.loadBalancerSourceRanges.append(try string(bytes, field))
            case 10: spec.externalName = try text(bytes, field)
            case 11: spec.externalTrafficPolicy = try text(bytes, field)
            case 12: spec.healthCheckNodePort = try nonZero(field)
            case 13: spec.publishNotReadyAddresses = try field.bool ? true : nil
            case 14:
                spec.hasAffinityConfig = true
                spec.affinityTimeoutSeconds = try timeoutSeconds(bytes, inConfig: try field.range)
            case 17: spec.ipFamilyPolicy = try text(bytes, field)
            case 18: spec.clusterIPs = (spec.clusterIPs ?? []) + [try string(bytes, field)]
            case 19: spec.ipFamilies = (spec.ipFamilies ?? []) + [try string(bytes, field)]
            case 20: spec.allocateLoadBalancerNodePorts = try field.bool
            case 21: spec.loadBalancerClass = try text(bytes, field)
            case 22: spec.internalTrafficPolicy = try text(bytes, field)
            case 23: spec.trafficDistribution = try text(bytes, field)
            default: break
            }
        }
    }

    private mutating func servicePort(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> ServicePort {
        var port = ServicePort()
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: port.name = try string(bytes, field)
            case 2: port.protocol = try text(bytes, field)
            case 3: port.port = try field.integer
            case 4: port.targetPort = try intOrString(bytes, try field.range)
            case 5: port.nodePort = try nonZero(field)
            case 6: port.appProtocol = try text(bytes, field)
            default: break
            }
        }
        return port
    }

    /// `IntOrString` of `util/intstr`: 1 type (0 a number, 1 a text), 2 intVal, 3 strVal.
    private mutating func intOrString(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> IntOrString {
        var (isName, number, name) = (false, 0, "")
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: isName = try field.integer == 1
            case 2: number = try field.integer
            case 3: name = try string(bytes, field)
            default: break
            }
        }
        return isName ? .name(name) : .number(number)
    }

    /// `sessionAffinityConfig`: 1 clientIP, whose 1 is timeoutSeconds.
    private func timeoutSeconds(_ bytes: Span<UInt8>, inConfig range: Range<Int>) throws(WireError) -> Int? {
        var config = WireReader(range)
        var seconds: Int?
        while let field = try config.next(bytes) {
            guard field.number == 1 else { continue }
            var clientIP = WireReader(try field.range)
            while let field = try clientIP.next(bytes) {
                if field.number == 1 { seconds = try field.integer }
            }
        }
        return seconds
    }

    /// `status`: 1 loadBalancer, whose 1 are ingresses.
    private mutating func ingress(_ bytes: Span<UInt8>, inStatus range: Range<Int>) throws(WireError)
        -> [LoadBalancerIngress]
    {
        var found: [LoadBalancerIngress] = []
        var status = WireReader(range)
        while let field = try status.next(bytes) {
            guard field.number == 1 else { continue }
            var loadBalancer = WireReader(try field.range)
            while let field = try loadBalancer.next(bytes) {
                guard field.number == 1 else { continue }
                found.append(try ingress(bytes, try field.range))
            }
        }
        return found
    }

    private mutating func ingress(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> LoadBalancerIngress {
        var ingress = LoadBalancerIngress()
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: ingress.ip = try text(bytes, field)
            case 2: ingress.hostname = try text(bytes, field)
            case 3: ingress.ipMode = try text(bytes, field)
            default: break
            }
        }
        return ingress
    }

    private func nonZero(_ field: WireField) throws(WireError) -> Int? {
        let number = try field.integer
        return number == 0 ? nil : number
    }
}
