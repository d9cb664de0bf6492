// SPDX-License-Identifier: Apache-2.0

internal import FerruleKubernetes

/// Messages of `k8s.io/api/discovery/v1`.
extension WireDecoder {
    mutating func endpointSlice(_ bytes: Span<UInt8>, _ range: Range<Int>, _ stored: inout StoredMeta)
        throws(WireError) -> EndpointSlice
    {
        var slice = EndpointSlice(
            meta: ObjectMeta(name: "", namespace: "", origin: StoredObject.origin), addressType: "")
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: slice.meta = try meta(bytes, try field.range, &stored)
            case 2: slice.endpoints.append(try endpoint(bytes, try field.range))
            case 3: slice.ports.append(try endpointPort(bytes, try field.range))
            case 4: slice.addressType = try string(bytes, field)
            default: break
            }
        }
        return slice
    }

    private mutating func endpoint(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError)
        -> EndpointSlice.Endpoint
    {
        var endpoint = EndpointSlice.Endpoint()
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: endpoint.addresses.append(try string(bytes, field))
            case 2: try readConditions(bytes, try field.range, &endpoint)
            case 3: endpoint.hostname = try text(bytes, field)
            case 6: endpoint.nodeName = try text(bytes, field)
            case 7: endpoint.zone = try text(bytes, field)
            case 8: try readHints(bytes, try field.range, &endpoint)
            default: break
            }
        }
        return endpoint
    }

    private func readConditions(_ bytes: Span<UInt8>, _ range: Range<Int>, _ endpoint: inout EndpointSlice.Endpoint)
        throws(WireError)
    {
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: endpoint.ready = try field.bool
            case 2: endpoint.serving = try field.bool
            case 3: endpoint.terminating = try field.bool
            default: break
            }
        }
    }

    /// `hints`: 1 forZones, 2 forNodes, of each of which 1 is the name.
    private mutating func readHints(_ bytes: Span<UInt8>, _ range: Range<Int>, _ endpoint: inout EndpointSlice.Endpoint)
        throws(WireError)
    {
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: endpoint.zoneHints.append(try name(bytes, try field.range))
            case 2: endpoint.nodeHints.append(try name(bytes, try field.range))
            default: break
            }
        }
    }

    private mutating func name(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> String {
        var name = ""
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            if field.number == 1 { name = try string(bytes, field) }
        }
        return name
    }

    private mutating func endpointPort(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(WireError) -> EndpointPort {
        var port = EndpointPort()
        var reader = WireReader(range)
        while let field = try reader.next(bytes) {
            switch field.number {
            case 1: port.name = try string(bytes, field)
            case 2: port.protocol = try text(bytes, field)
            case 3: port.port = try field.integer
            case 4: port.appProtocol = try text(bytes, field)
            default: break
            }
        }
        return port
    }
}
