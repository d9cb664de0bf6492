// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The bodies of answers, in both forms.
enum LabBody {
    static func list(
        _ resource: LabResource, _ objects: [LabObject], _ version: Int, _ token: String, _ isProtobuf: Bool
    ) -> [UInt8] {
        if isProtobuf {
            let message = WireWriter.message { wire in
                wire.field(1) {
                    $0.field(1, "")
                    $0.field(2, String(version))
                    $0.field(3, token)
                }
                for object in objects { wire.field(2, bytes: object.protobuf) }
            }
            return WireWriter.envelope(resource.apiVersion, resource.kind + "List", message)
        }
        let type = #""kind":"\#(resource.kind)List","apiVersion":"\#(resource.apiVersion)""#
        let page = token.isEmpty ? "" : #","continue":"\#(token)""#
        var text = Array(
            #"{\#(type),"metadata":{"resourceVersion":"\#(version)"\#(page)},"items":["#.utf8)
        for (index, object) in objects.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text += object.json
        }
        return text + Array("]}\n".utf8)
    }

    /// A frame or a line of a watch.
    static func event(
        _ type: String, _ apiVersion: String, _ kind: String, _ message: [UInt8], _ json: @autoclosure () -> Data,
        _ isProtobuf: Bool
    ) -> [UInt8] {
        if isProtobuf {
            let frame = WireWriter.message { wire in
                wire.field(1, type)
                wire.field(2) { $0.field(1, bytes: WireWriter.envelope(apiVersion, kind, message)) }
            }
            return (0..<4).map { UInt8(truncatingIfNeeded: frame.count >> (24 - 8 * $0)) } + frame
        }
        let head = #"{"type":"\#(type)","object":{"kind":"\#(kind)","apiVersion":"\#(apiVersion)","#
        return Array(head.utf8) + json().dropFirst() + Array("}\n".utf8)
    }

    static func status(
        _ code: Int, _ reason: String, _ message: String, retryAfter: Int? = nil
    ) -> (protobuf: [UInt8], json: Data) {
        let protobuf = WireWriter.message { wire in
            wire.field(2, "Failure")
            wire.field(3, message)
            wire.field(4, reason)
            if let retryAfter { wire.field(5) { $0.field(5, retryAfter) } }
            wire.field(6, code)
        }
        let details = retryAfter.map { #","details":{"retryAfterSeconds":\#($0)}"# } ?? ""
        let json =
            #"{"metadata":{},"status":"Failure","message":"\#(message)","reason":"\#(reason)","code":\#(code)\#(details)}"#
        return (protobuf, Data(json.utf8))
    }
}
