// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOHTTP1

/// One watch that stands.
struct LabWatch: Sendable {
    let request: LabRequest
    let channel: any Channel
    let isProtobuf: Bool

    var id: ObjectIdentifier { ObjectIdentifier(channel) }
    private var resource: LabResource { request.resource ?? .services }

    /// Tells of an event as far as the selectors make one of it.
    func send(_ event: LabEvent) {
        let was = event.old.map { request.selects($0.object) } ?? false
        let isNow = event.new.map { request.selects($0.object) } ?? false
        switch (was, isNow) {
        case (false, true): if let object = event.new { send("ADDED", object) }
        case (true, true): if let object = event.new { send("MODIFIED", object) }
        case (true, false):
            // The object as it was, with the version of the event.
            if let object = event.old, let gone = try? LabObject(object.object, version: event.version) {
                send("DELETED", gone)
            }
        case (false, false): break
        }
    }

    func send(_ type: String, _ object: LabObject) {
        write(LabBody.event(type, resource.apiVersion, resource.kind, object.protobuf, object.json, isProtobuf))
    }

    func bookmark(_ version: Int, endsInitialEvents: Bool) {
        let annotations = endsInitialEvents ? ["k8s.io/initial-events-end": "true"] : [:]
        let message = WireWriter.message { wire in
            wire.field(1) {
                $0.field(6, String(version))
                $0.field(12, annotations)
            }
        }
        let mark = endsInitialEvents ? #","annotations":{"k8s.io/initial-events-end":"true"}"# : ""
        let json = #"{"metadata":{"resourceVersion":"\#(version)"\#(mark)}}"#
        write(LabBody.event("BOOKMARK", resource.apiVersion, resource.kind, message, Data(json.utf8), isProtobuf))
    }

    func fail(_ code: Int, _ reason: String, _ message: String, retryAfter: Int? = nil) {
        let status = LabBody.status(code, reason, message, retryAfter: retryAfter)
        write(LabBody.event("ERROR", "v1", "Status", status.protobuf, status.json, isProtobuf))
    }

    func tell(_ word: LabWord, _ version: Int) {
        switch word {
        case .bookmark: bookmark(version, endsInitialEvents: false)
        case .error(let code, let reason, let wait): fail(code, reason, "as the test wants it", retryAfter: wait)
        case .garbage: write(isProtobuf ? [0, 0, 0, 1, 0] : Array("?\n".utf8))
        }
    }

    func write(_ bytes: [UInt8]) {
        channel.post(.body(.byteBuffer(ByteBuffer(bytes: bytes))))
    }

    func end() { channel.post(.end(nil)) }
}
