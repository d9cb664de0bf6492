// SPDX-License-Identifier: Apache-2.0

import FerruleAPIServer
import FerruleCluster
import FerruleKubernetes
import FerruleTestSupport
import Foundation
import Testing

@testable import APIServerLab

@Suite struct ObjectListTests {
    @Test(arguments: [
        ("list-services", Resource.services, 33), ("list-endpointslices", .endpointslices, 32),
        ("list-node", .nodes, 1), ("list-servicecidrs", .servicecidrs, 1),
    ])
    func protobufAndJSONSayTheSame(_ name: String, _ resource: Resource, _ count: Int) throws {
        let json = try Recording.list("\(name).json", of: resource)
        let protobuf = try Recording.list("\(name)-protobuf.pb", of: resource)
        #expect(json.objects.count == count)
        #expect(json.unreadable.isEmpty && protobuf.unreadable.isEmpty)
        for (left, right) in zip(json.objects, protobuf.objects) { #expect(left == right) }
        #expect(json == protobuf)
        #expect(json.objects.allSatisfy { $0.object.meta.isStored && !$0.resourceVersion.isEmpty })
        #expect(json.resourceVersion.isEmpty == false)
    }

    @Test func anObjectThatCannotBeReadIsNamedAndTheOthersStay() throws {
        let text = """
            {"metadata":{"resourceVersion":"7"},"items":[
             {"metadata":{"name":"a","namespace":"shop","uid":"1"},"spec":{"ports":[{"port":"eighty"}]}},
             {"metadata":{"name":"b","namespace":"shop","uid":"2"},"spec":{}}, 3,
             {"metadata":{"generateName":"c-","namespace":"shop","uid":"3"},"spec":{}}]}
            """
        let list = try ObjectList(Data(text.utf8), .json, of: .services)
        #expect(list.objects.map(\.key) == [ObjectKey("shop", "b")])
        #expect(
            list.unreadable.map(\.description) == [
                "Service shop/a cannot be read: spec.ports[0].port: \"eighty\" is not a whole number",
                "Service (without a name) cannot be read: it is not an object",
                "Service (without a name) cannot be read: metadata.name: missing",
            ])
    }

    @Test func theSameHoldsForProtobuf() throws {
        var bytes = try Recording.data("list-node-protobuf.pb")
        // The node's spec (tag 0x12, and a length) begins with a text; it becomes a number.
        let text = try #require(bytes.range(of: Data([0x0a, 13] + "10.244.0.0/24".utf8)))
        #expect(bytes[text.lowerBound - 2] == 0x12)
        bytes[text.lowerBound - 2] = 0x10
        let list = try ObjectList(bytes, .protobuf, of: .nodes)
        #expect(list.objects.isEmpty)
        #expect(list.unreadable.map(\.key) == [ObjectKey("", "node-a")])
    }

    @Test("a text that is no UTF-8 is as in the server's JSON, and what nobody reads hinders nobody")
    func damagedText() throws {
        let object = WireWriter.message { wire in
            wire.field(1) { meta in
                meta.field(1, "a")
                meta.field(3, "shop")
                meta.field(11) {
                    $0.field(1, "team")
                    $0.field(2, bytes: [UInt8(ascii: "x"), 0xff])
                }
                meta.field(12) {
                    $0.field(1, bytes: [0xff])
                    $0.field(2, bytes: [0xc3, 0x28])
                }
                meta.field(12, ["endpoints.kubernetes.io/last-change-trigger-time": "2026-11-26T11:00:00Z"])
            }
        }
        let list = WireWriter.message { wire in
            wire.field(1) { $0.field(2, "7") }
            wire.field(2, bytes: object)
        }
        let read = try ObjectList(Data(WireWriter.envelope("v1", "ServiceList", list)), .protobuf, of: .services)
        #expect(read.unreadable.isEmpty)
        #expect(read.objects.map(\.key) == [ObjectKey("shop", "a")])
        #expect(read.objects.first?.object.meta.labels["team"] == "x\u{fffd}")
        #expect(read.objects.first?.changeTriggerTime == "2026-11-26T11:00:00Z")
    }

    @Test(arguments: ["", "404 page not found", "[]", "k8s", "{\"items\":[]}"])
    func whatIsNoListIsRefused(_ text: String) {
        for type in MediaType.allCases {
            #expect(throws: UnreadableAnswer.self) { try ObjectList(Data(text.utf8), type, of: .services) }
        }
    }

    @Test func damagedBytesNeverTrap() throws {
        var random = SeededGenerator(seed: 12)
        for (name, resource) in [
            ("list-services-protobuf.pb", Resource.services), ("list-endpointslices-protobuf.pb", .endpointslices),
            ("list-node-protobuf.pb", .nodes), ("list-servicecidrs-protobuf.pb", .servicecidrs),
        ] {
            let whole = try Recording.data(name)
            for _ in 0..<150 {
                let damaged = whole.damaged(&random)
                _ = try? ObjectList(damaged, .protobuf, of: resource)
            }
        }
    }
}

extension Data {
    /// With a few bytes changed, left out or cut off.
    func damaged(_ random: inout SeededGenerator) -> Data {
        var damaged = self
        for _ in 0..<Int.random(in: 1...6, using: &random) where !damaged.isEmpty {
            let place = Int.random(in: 0..<damaged.count, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: damaged = Data(damaged.prefix(place))
            case 1: damaged.removeSubrange(place..<Swift.min(place + 3, damaged.count))
            case 2: damaged[place] = 0xff
            default: damaged[place] = UInt8.random(in: 0...255, using: &random)
            }
        }
        return damaged
    }
}
