// SPDX-License-Identifier: Apache-2.0

import FerruleAPIServer
import FerruleCluster
import FerruleTestSupport
import Foundation
import Testing

@testable import APIServerLab

@Suite struct WatchDecoderTests {
    @Test(arguments: [
        ("watch-services", Resource.services), ("watch-endpointslices", .endpointslices), ("watch-gone", .services),
    ])
    func protobufAndJSONSayTheSameInWhateverPortions(_ name: String, _ resource: Resource) throws {
        let json = try Recording.events("\(name).jsonl", of: resource)
        #expect(!json.isEmpty)
        for portion in [1, 3, 500, 1 << 20] {
            #expect(try Recording.events("\(name)-protobuf.pb", of: resource, portion: portion) == json)
            #expect(try Recording.events("\(name).jsonl", of: resource, portion: portion) == json)
        }
    }

    @Test func aServiceComesAndGoesByItsLabel() throws {
        let events = try Recording.events("watch-services.jsonl", of: .services)
        let key = ObjectKey("default", "recorded")
        let kinds = events.map { event in
            switch event {
            case .added(let object): object.key == key ? "added" : "?"
            case .modified(let object): object.key == key ? "modified" : "?"
            case .deleted(let deleted, let version): deleted == key ? "deleted at \(version)" : "?"
            case .bookmark(let version, _): "bookmark \(version)"
            default: "?"
            }
        }
        #expect(kinds == ["added", "deleted at 201", "added", "deleted at 204", "bookmark 204"])
    }

    @Test func aStreamingListEndsWithItsBookmark() throws {
        let events = try Recording.events("watchlist-services-protobuf.pb", of: .services)
        #expect(events.last == .bookmark(resourceVersion: "208", endsInitialEvents: true))
        let json = try Recording.events("watchlist-services.jsonl", of: .services)
        #expect(json.last == .bookmark(resourceVersion: "207", endsInitialEvents: true))
        // Nothing else happened between the two recordings.
        #expect(events.dropLast() == json.dropLast())
    }

    @Test func triggerTimesAreKept() throws {
        let times = try Recording.events("watch-endpointslices-protobuf.pb", of: .endpointslices).compactMap { event in
            switch event {
            case .added(let slice), .modified(let slice): slice.changeTriggerTime
            default: nil
            }
        }
        #expect(times.contains("2026-11-26T11:00:00Z"))
    }

    @Test func anExpiredVersionIsToldInTheStream() throws {
        let events = try Recording.events("watch-gone-protobuf.pb", of: .services)
        guard case .failed(let status) = events.first else {
            Issue.record("no error: \(events)")
            return
        }
        #expect(status.isExpired && status.code == 410)
        #expect("\(status)" == "too old resource version: 224 (256)")
    }

    @Test("a type that is not known is told, whatever it tells of", arguments: [true, false])
    func unknownTypes(isProtobuf: Bool) throws {
        var decoder = WatchDecoder(isProtobuf ? .protobuf : .json, of: .services)
        let frame = WireWriter.message { $0.field(1, "HEARTBEAT") }
        decoder.append(isProtobuf ? [0, 0, 0, UInt8(frame.count)] + frame : Array("{\"type\":\"HEARTBEAT\"}\n".utf8))
        #expect(try decoder.next() == .unknown("HEARTBEAT"))
    }

    @Test("of an object that cannot be read it is known that it is gone, where its name is", arguments: [true, false])
    func unreadable(isProtobuf: Bool) throws {
        func event(_ type: String, _ name: String) throws -> WatchEvent? {
            let message = WireWriter.message { wire in
                wire.field(1) {
                    $0.field(1, name)
                    $0.field(3, "shop")
                }
                wire.field(2, 7)
            }
            let json = Data(#"{"metadata":{"name":"\#(name)","namespace":"shop"},"spec":{"ports":7}}"#.utf8)
            var decoder = WatchDecoder(isProtobuf ? .protobuf : .json, of: .services)
            decoder.append(LabBody.event(type, "v1", "Service", message, json, isProtobuf))
            return try decoder.next()
        }
        func unreadableKey(_ event: WatchEvent?) -> ObjectKey? {
            if case .unreadable(let object) = event { object.key } else { nil }
        }
        let key = ObjectKey("shop", "web")
        #expect(try event("DELETED", "web") == .deleted(key, resourceVersion: ""))
        for type in ["ADDED", "MODIFIED"] { #expect(try unreadableKey(event(type, "web")) == key) }
        guard case .unreadable = try event("DELETED", "") else {
            Issue.record("something without a name is gone")
            return
        }
    }

    @Test("an object without a name is none that could be served", arguments: [true, false])
    func nameless(isProtobuf: Bool) throws {
        let message = WireWriter.message { wire in wire.field(1) { $0.field(3, "shop") } }
        let json = Data(#"{"metadata":{"namespace":"shop"}}"#.utf8)
        var decoder = WatchDecoder(isProtobuf ? .protobuf : .json, of: .services)
        decoder.append(LabBody.event("ADDED", "v1", "Service", message, json, isProtobuf))
        guard case .unreadable(let object) = try decoder.next() else {
            Issue.record("it is served")
            return
        }
        #expect(object.description == "Service (without a name) cannot be read: metadata.name: missing")
    }

    @Test func damagedBytesNeverTrap() throws {
        var random = SeededGenerator(seed: 5)
        for name in ["watch-services-protobuf.pb", "watch-services.jsonl", "watch-endpointslices-protobuf.pb"] {
            let whole = try Recording.data(name)
            for _ in 0..<400 {
                var decoder = WatchDecoder(name.hasSuffix(".pb") ? .protobuf : .json, of: .services)
                decoder.append(whole.damaged(&random))
                do { while try decoder.next() != nil {} } catch {}
            }
        }
    }
}
