// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// A Node of `k8s.io/api/core/v1` and a ServiceCIDR of `k8s.io/api/networking/v1`.
extension WireDecoder {
    mutating func node(_ bytes: Span<UInt8>, _ range: Range<Int>, _ stored: inout StoredMeta) throws(WireError) -> Node
    {
        var node = Node(meta: ObjectMeta(name: "", namespace: "", origin: StoredObject.origin))
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: node.meta = try meta(bytes, try field.range, &stored)
            case 2: try readSpec(bytes, try field.range, &node)
            case 3: node.addresses = try addresses(bytes, inStatus: try field.range)
            default: break
            }
        }
        return node
    }

    /// `spec`: 1 podCIDR, 5 taints, of each of which 1 is the key, 7 podCIDRs.
    private mutating func readSpec(_ bytes: Span<UInt8>, _ range: Range<Int>, _ node: inout Node) throws(WireError) {
        var single: String?
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: single = try text(bytes, field)
            case 5:
                var taint = WireReader(try field.range)
                while let field = try taint.next(bytes) {
                    if field.number == 1 { node.taints.append(try string(bytes, field)) }
                }
            case 7: node.podCIDRs.append(try string(bytes, field))
            default: break
            }
        }
        if node.podCIDRs.isEmpty, let single { node.podCIDRs = [single] }
    }

    /// `status`: 5 addresses, of each of which 1 is the type and 2 the address.
    private mutating func addresses(_ bytes: Span<UInt8>, inStatus range: Range<Int>) throws(WireError)
        -> [NodeAddress]
    {
        var addresses: [NodeAddress] = []
        var status = WireReader(range)
        while let field = try status.next(bytes) {
            guard field.number == 5 else { continue }
            var address = NodeAddress()
            var reader = WireReader(try field.range)
            while let field = try reader.next(bytes) {
                switch field.number {
                case 1: address.type = try string(bytes, field)
                case 2: address.address = try string(bytes, field)
                default: break
                }
            }
            addresses.append(address)
        }
        return addresses
    }

    mutating func serviceCIDR(_ bytes: Span<UInt8>, _ range: Range<Int>, _ stored: inout StoredMeta)
        throws(WireError) -> ServiceCIDR
    {
        var serviceCIDR = ServiceCIDR(meta: ObjectMeta(name: "", namespace: "", origin: StoredObject.origin))
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: serviceCIDR.meta = try meta(bytes, try field.range, &stored)
            case 2:  // spec, whose 1 are the ranges
                var spec = WireReader(try field.range)
                while let field = try spec.next(bytes) {
                    if field.number == 1 { serviceCIDR.cidrs.append(try string(bytes, field)) }
                }
            default: break
            }
        }
        return serviceCIDR
    }
}
